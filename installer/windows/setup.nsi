; GridOffice-x.y.z-setup.exe: for one user, without administrator rights, without a network.
;   /S               no questions (exit status 0 done, 2 cancelled, 3 not this Windows, 4 the program stayed
;                    open, 5 the backup failed, 6 a newer version is installed, 7 the new version fails its
;                    self-test, 8 the old files are in use or not ours, 9 no room on the disk)
;   /D=FOLDER        where to (last of all words, never in quotes)
;   /NODESKTOP       no shortcut on the desktop
;   /UPDATES=PLACE   the folder, share or address where this computer looks for newer versions
;   /RESTART         start the program afterwards, the old one when the new one was not put in place
;   /OUTCOME="FILE"  write the exit status there
; The new version is unpacked beside the old one, tests itself and backs the data up; only then do they
; change places, so that whatever goes wrong before leaves the old one as it was. Files are removed by their
; list; data lives elsewhere and is never touched.
Unicode true
Target amd64-unicode
!ifdef FAST ; for trials: a tenth of the time, a third larger
SetCompressor zlib
!else
SetCompressor /SOLID lzma
SetCompressorDictSize 64
!endif
SetDateSave on
AllowSkipFiles off ; without questions a file that cannot be written would be left out
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user

!define ID "GridOffice"
!define NAME "网格办"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define CLASSES "Software\Classes"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\GridOffice"
InstallDirRegKey HKCU "Software\${ID}" "InstallDir"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 ProductName "${NAME}"
VIAddVersionKey /LANG=0 FileDescription "${NAME} 安装程序"
VIAddVersionKey /LANG=0 FileVersion "${VERSION}"
VIAddVersionKey /LANG=0 LegalCopyright "GridOffice"
VIAddVersionKey /LANG=0 CompanyName "GridOffice"

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\GridOffice.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"
!insertmacro MUI_LANGUAGE "English"

LangString NotThisWindows ${LANG_SIMPCHINESE} "${NAME}需要 64 位的 Windows 10 或 Windows 11。"
LangString NotThisWindows ${LANG_ENGLISH} "64-bit Windows 10 or 11 is needed."
LangString NewerInstalled ${LANG_SIMPCHINESE} "这台电脑上的${NAME}是 $0，比要装的 ${VERSION} 新，不用再装。"
LangString NewerInstalled ${LANG_ENGLISH} "Version $0 is installed, which is newer than ${VERSION}."
LangString StillOpen ${LANG_SIMPCHINESE} "${NAME}还开着。回到${NAME}保存并关闭，再点“重试”。"
LangString StillOpen ${LANG_ENGLISH} "The program is open. Close it, then retry."
LangString BackupFailed ${LANG_SIMPCHINESE} "升级前备份资料没有成功，还是原来的版本，资料没有改动。打开${NAME}，在“设置”里备份一次再升级。"
LangString BackupFailed ${LANG_ENGLISH} "The backup before the upgrade failed; nothing was changed."
LangString BackingUp ${LANG_SIMPCHINESE} "正在备份资料……"
LangString BackingUp ${LANG_ENGLISH} "Backing up the data…"
LangString NoRoom ${LANG_SIMPCHINESE} "磁盘放不下，${NAME}没有装。腾出 ${ROOM} MB 再装，原来的版本和资料没有变。"
LangString NoRoom ${LANG_ENGLISH} "There is not enough room on the disk; nothing was changed."
LangString Testing ${LANG_SIMPCHINESE} "新版本正在自检……"
LangString Testing ${LANG_ENGLISH} "The new version is testing itself…"
LangString TestFailed ${LANG_SIMPCHINESE} "新版本在这台电脑上自检没有通过，没有装。原来的版本和资料没有变。"
LangString TestFailed ${LANG_ENGLISH} "The new version fails its self-test here; nothing was changed."
LangString InUse ${LANG_SIMPCHINESE} "“$INSTDIR”正被占用，或者里面有别的东西，没有装。关掉用到它的窗口再装。"
LangString InUse ${LANG_ENGLISH} "$INSTDIR is in use or holds something else; nothing was changed."
LangString PackageFile ${LANG_SIMPCHINESE} "${NAME}上报包"
LangString PackageFile ${LANG_ENGLISH} "GridOffice package"
LangString OfficeFile ${LANG_SIMPCHINESE} "${NAME}资料库"
LangString OfficeFile ${LANG_ENGLISH} "GridOffice data"

!ifdef SIGN
!uninstfinalize '"${SIGN}" "%1"'
!finalize '"${SIGN}" "%1"'
!endif

; Whatever was begun is taken away, the exit status told, the program started where that was asked for.
!macro STOP status words
  MessageBox MB_OK|MB_ICONSTOP "${words}" /SD IDOK
  StrCpy $R9 ${status}
  Call Stop
!macroend
!define Stop "!insertmacro STOP"

Function Stop
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR.new"
  Call Tell
  SetErrorLevel $R9
  Quit
FunctionEnd

Function Tell
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/OUTCOME=" $1
  ${IfNot} ${Errors}
    FileOpen $2 "$1" w
    FileWrite $2 "$R9"
    FileClose $2
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/RESTART" $1
  ${IfNot} ${Errors}
  ${AndIf} ${FileExists} "$INSTDIR\GridOffice.exe"
    Exec '"$INSTDIR\GridOffice.exe"'
  ${EndIf}
FunctionEnd

Function .onInstSuccess
  StrCpy $R9 0
  Call Tell
FunctionEnd

; A file that could not be unpacked: the disk is full.
Function .onInstFailed
  MessageBox MB_OK|MB_ICONSTOP "$(NoRoom)" /SD IDOK
  StrCpy $R9 9
  Call Stop
FunctionEnd

Function .onInit
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(NotThisWindows)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
  ReadRegStr $0 HKCU "${UNINSTALL}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 == 1
      MessageBox MB_OK|MB_ICONINFORMATION "$(NewerInstalled)" /SD IDOK
      StrCpy $R9 6
      Call Tell
      SetErrorLevel 6
      Quit
    ${EndIf}
  ${EndIf}
FunctionEnd

; A program file that runs cannot be opened for writing: that is how it is known to be closed.
!macro CLOSED un
Function ${un}Close
  ${IfNot} ${FileExists} "$INSTDIR\GridOffice.exe"
    Return
  ${EndIf}
  StrCpy $1 0
  again:
  ClearErrors
  FileOpen $0 "$INSTDIR\GridOffice.exe" a
  ${IfNot} ${Errors}
    FileClose $0
    Return
  ${EndIf}
  ${If} $1 == 0 ; ask it as its own close button would, and give it time to save
    nsExec::Exec '"$SYSDIR\taskkill.exe" /IM GridOffice.exe'
    Pop $0
  ${EndIf}
  IntOp $1 $1 + 1
  ${If} $1 < 40
    Sleep 500
    Goto again
  ${EndIf}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(StillOpen)" /SD IDCANCEL IDRETRY once_more
  ${STAYED}
  once_more:
  StrCpy $1 0
  Goto again
FunctionEnd
!macroend
!macro STAYED
  StrCpy $R9 4
  Call Stop
!macroend
!define STAYED "!insertmacro STAYED"
!insertmacro CLOSED ""
!undef STAYED
!macro UN_STAYED
  SetErrorLevel 4
  Quit
!macroend
!define STAYED "!insertmacro UN_STAYED"
!insertmacro CLOSED "un."

Section
  Call Close
  ${GetRoot} "$INSTDIR" $0
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  ${If} $1 != ""
  ${AndIf} $1 < ${ROOM}
    ${Stop} 9 "$(NoRoom)"
  ${EndIf}
  RMDir /r "$INSTDIR.new"
  SetOutPath "$INSTDIR.new"
  File /r "${PAYLOAD}/*.*"
  WriteUninstaller "$INSTDIR.new\uninstall.exe"
  SetOutPath "$TEMP" ; nobody may stand in a folder that is to be renamed

  RMDir "$INSTDIR" ; an empty one is nobody's
  ${If} ${FileExists} "$INSTDIR\*.*"
    ${IfNot} ${FileExists} "$INSTDIR\uninstall.exe"
      ${Stop} 8 "$(InUse)"
    ${EndIf}
    DetailPrint "$(Testing)"
    nsExec::ExecToLog '"$INSTDIR.new\GridOfficeCmd.exe" self-test'
    Pop $0
    ${If} $0 != 0
      ${Stop} 7 "$(TestFailed)"
    ${EndIf}
    DetailPrint "$(BackingUp)" ; by the new version: the data is only copied, and the old one may not know how
    nsExec::ExecToLog '"$INSTDIR.new\GridOfficeCmd.exe" backup --before-upgrade "${VERSION}"'
    Pop $0
    ${If} $0 != 0
      ${Stop} 5 "$(BackupFailed)"
    ${EndIf}
    RMDir /r "$INSTDIR.old"
    ClearErrors
    Rename "$INSTDIR" "$INSTDIR.old"
    ${If} ${Errors}
      ${Stop} 8 "$(InUse)"
    ${EndIf}
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR.new" "$INSTDIR"
  ${If} ${Errors}
    Rename "$INSTDIR.old" "$INSTDIR"
    ${Stop} 8 "$(InUse)"
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR.old\uninstall.exe" ; the older version removes what it brought, by its own list
    ExecWait '"$INSTDIR.old\uninstall.exe" /S /UPGRADE _?=$INSTDIR.old'
    Delete "$INSTDIR.old\uninstall.exe"
    RMDir "$INSTDIR.old"
    ${If} ${FileExists} "$INSTDIR.old\*.*" ; what somebody put there himself moves along
      CopyFiles /SILENT "$INSTDIR.old\*.*" "$INSTDIR"
      RMDir /r "$INSTDIR.old"
    ${EndIf}
  ${EndIf}

  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\GridOffice.exe"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/NODESKTOP" $1
  ${If} ${Errors}
    CreateShortCut "$DESKTOP\${NAME}.lnk" "$INSTDIR\GridOffice.exe"
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/UPDATES=" $1
  ${IfNot} ${Errors}
    FileOpen $2 "$INSTDIR\updates.txt" w
    FileWriteUTF16LE /BOM $2 "$1"
    FileClose $2
  ${EndIf}
  WriteRegStr HKCU "Software\${ID}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${CLASSES}\.gridoffice" "" "${ID}.Office"
  WriteRegStr HKCU "${CLASSES}\${ID}.Office" "" "$(OfficeFile)"
  WriteRegStr HKCU "${CLASSES}\${ID}.Office\DefaultIcon" "" "$INSTDIR\GridOffice.exe,0"
  WriteRegStr HKCU "${CLASSES}\${ID}.Office\shell\open\command" "" '"$INSTDIR\GridOffice.exe" --database "%1" desktop'
  WriteRegStr HKCU "${CLASSES}\.db\OpenWithProgids" "${ID}.Office" "" ; the taskbar lists recent files of kinds we can open
  WriteRegStr HKCU "${CLASSES}\.gridpack" "" "${ID}.Package"
  WriteRegStr HKCU "${CLASSES}\${ID}.Package" "" "$(PackageFile)"
  WriteRegStr HKCU "${CLASSES}\${ID}.Package\DefaultIcon" "" "$INSTDIR\GridOffice.exe,0"
  WriteRegStr HKCU "${CLASSES}\${ID}.Package\shell\open\command" "" '"$INSTDIR\GridOffice.exe" desktop --open "%1"'
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "GridOffice"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\GridOffice.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KIBIBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${RefreshShellIcons}
SectionEnd

Section "Uninstall"
  Call un.Close
  !include "${REMOVAL}"
  Delete "$INSTDIR\uninstall.exe"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  ${If} ${Errors}
    Delete "$INSTDIR\updates.txt"
    RMDir /r "$INSTDIR.new"
    RMDir /r "$INSTDIR.old"
    Delete "$SMPROGRAMS\${NAME}.lnk"
    Delete "$DESKTOP\${NAME}.lnk"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "Software\${ID}"
    DeleteRegKey HKCU "${CLASSES}\${ID}.Office"
    DeleteRegKey HKCU "${CLASSES}\.gridoffice"
    DeleteRegValue HKCU "${CLASSES}\.db\OpenWithProgids" "${ID}.Office"
    DeleteRegKey HKCU "${CLASSES}\${ID}.Package"
    DeleteRegKey HKCU "${CLASSES}\.gridpack"
    ${un.RefreshShellIcons}
  ${EndIf}
  RMDir "$INSTDIR"
SectionEnd
