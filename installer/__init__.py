"""From this repository to what an office installs: the Windows payload, setup.exe, .msi and .deb, and their trial."""
