; GridOffice-x.y.z-setup.exe: for one user, without administrator rights, without a network.
;   /S             no questions (exit status 0 done, 2 cancelled, 3 not this Windows, 4 the program stayed open,
;                  5 the backup failed, 6 a newer version is installed)
;   /D=FOLDER      where to (last of all words)
;   /NODESKTOP     no shortcut on the desktop
; Program files are replaced and removed by their list; data lives elsewhere and is never touched.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64
SetDateSave on
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
LangString OfficeFile ${LANG_SIMPCHINESE} "${NAME}资料库"
LangString OfficeFile ${LANG_ENGLISH} "GridOffice data"

!ifdef SIGN
!uninstfinalize '"${SIGN}" "%1"'
!finalize '"${SIGN}" "%1"'
!endif

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
  SetErrorLevel 4
  Quit
  once_more:
  StrCpy $1 0
  Goto again
FunctionEnd
!macroend
!insertmacro CLOSED ""
!insertmacro CLOSED "un."

Section
  Call Close
  ${If} ${FileExists} "$INSTDIR\GridOfficeCmd.exe"
    DetailPrint "$(BackingUp)"
    nsExec::ExecToLog '"$INSTDIR\GridOfficeCmd.exe" backup --before-upgrade "${VERSION}"'
    Pop $0
    ${If} $0 != 0
      MessageBox MB_OK|MB_ICONSTOP "$(BackupFailed)" /SD IDOK
      SetErrorLevel 5
      Quit
    ${EndIf}
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\uninstall.exe" ; the older version removes what it brought, by its own list
    ExecWait '"$INSTDIR\uninstall.exe" /S /UPGRADE _?=$INSTDIR'
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\GridOffice.exe"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/NODESKTOP" $1
  ${If} ${Errors}
    CreateShortCut "$DESKTOP\${NAME}.lnk" "$INSTDIR\GridOffice.exe"
  ${EndIf}
  WriteRegStr HKCU "Software\${ID}" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${CLASSES}\.gridoffice" "" "${ID}.Office"
  WriteRegStr HKCU "${CLASSES}\${ID}.Office" "" "$(OfficeFile)"
  WriteRegStr HKCU "${CLASSES}\${ID}.Office\DefaultIcon" "" "$INSTDIR\GridOffice.exe,0"
  WriteRegStr HKCU "${CLASSES}\${ID}.Office\shell\open\command" "" '"$INSTDIR\GridOffice.exe" --database "%1" desktop'
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
  RMDir "$INSTDIR"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/UPGRADE" $1
  ${If} ${Errors}
    Delete "$SMPROGRAMS\${NAME}.lnk"
    Delete "$DESKTOP\${NAME}.lnk"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "Software\${ID}"
    DeleteRegKey HKCU "${CLASSES}\${ID}.Office"
    DeleteRegKey HKCU "${CLASSES}\.gridoffice"
    ${un.RefreshShellIcons}
  ${EndIf}
SectionEnd
