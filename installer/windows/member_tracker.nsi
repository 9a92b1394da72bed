; The set-up program for one person's own account: no administrator is asked for, and nobody else's account is touched.
; Given by set_up.py: VERSION, NUMBERS (four), BUNDLE, ICON, SIDE (a picture), OUT, SIZE (KiB), SIGN (a command, given the file),
; QUICK (packs less tightly).
;
;   setup.exe            asks where, and shows how far it is
;   setup.exe /S         asks nothing
;   uninstall.exe /S     the same; the casework stays in both cases
;
; Exit codes: 0 done, 1 given up by the person, 2 refused or failed; why is shown, and with /S only the code is given.

Unicode true
Target amd64-unicode
!ifdef QUICK
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif
ManifestDPIAware true
RequestExecutionLevel user

!include MUI2.nsh
!include LogicLib.nsh
!include WordFunc.nsh
!include FileFunc.nsh

!define NAME "Member Tracker"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\MemberTracker"
; Where the program keeps casework: member_tracker/profile.py. Never below the program's own folder.
!define DATA "$LOCALAPPDATA\MemberTracker"
!define PROGRAM "$LOCALAPPDATA\Programs\Member Tracker"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "${PROGRAM}"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
Icon "${ICON}"
UninstallIcon "${ICON}"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Sets up ${NAME} ${VERSION}"
VIAddVersionKey "CompanyName" "${NAME} authors"
VIAddVersionKey "LegalCopyright" "MIT licence; other people's work in it: see the folder licences"

!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

!define MUI_WELCOMEPAGE_TITLE "${NAME} ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "This sets up ${NAME} for you alone; it needs no administrator.$\r$\n$\r$\nWhere it is already here it is brought up to date. Close it first. Your casework, in ${DATA}, stays as it is."
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "${NAME} is ready"
!define MUI_FINISHPAGE_TEXT "You find it in the Start menu."
!define MUI_FINISHPAGE_RUN "$INSTDIR\MemberTracker.exe"
!insertmacro MUI_PAGE_FINISH

!define MUI_UNCONFIRMPAGE_TEXT_TOP "The program goes; your casework stays in ${DATA}. Delete that folder yourself if nobody will need it again: without a hub or a back-up nothing can bring it back."
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Says what is wrong (nothing with /S), and stops with exit code 2.
!macro STOP TEXT
  MessageBox MB_OK|MB_ICONEXCLAMATION "${TEXT}" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

; A program that runs holds its own file open for writing by nobody else.
!macro MUST_NOT_RUN
  ${If} ${FileExists} "$INSTDIR\MemberTracker.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\MemberTracker.exe" a
    ${If} ${Errors}
      !insertmacro STOP "${NAME} is open. Close it, then try again. Your casework is as it was."
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; Takes away what an installation put there, and no file that anybody added.
!macro REMOVE_PROGRAM
  Delete "$INSTDIR\MemberTracker.exe"
  Delete "$INSTDIR\member-tracker.exe"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\uninstall.exe"
!macroend

Function .onInit
  ReadRegStr $0 HKCU "${KEY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} "$0" "${VERSION}" $1
    ${If} $1 == 1
      !insertmacro STOP "${NAME} $0 is here already, and ${VERSION} is older: it could not read the newer casework. Nothing was changed."
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  ; A folder of casework chosen for the program would go with it one day.
  StrLen $0 "${DATA}\"
  StrCpy $1 "$INSTDIR\" $0
  ${If} $1 == "${DATA}\"
    !insertmacro STOP "${DATA} is where casework is kept. Choose another folder for the program."
  ${EndIf}
  !insertmacro MUST_NOT_RUN
  !insertmacro REMOVE_PROGRAM
  SetOutPath "$INSTDIR"
  ClearErrors
  File /r "${BUNDLE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\MemberTracker.exe" "" "$INSTDIR\MemberTracker.exe" 0
  WriteRegStr HKCU "${KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\MemberTracker.exe"
  WriteRegStr HKCU "${KEY}" "Publisher" "${NAME} authors"
  WriteRegStr HKCU "${KEY}" "Comments" "Removing it leaves your casework in ${DATA}."
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${SIZE}
  ${If} ${Errors}
    !insertmacro STOP "Not everything could be written to $INSTDIR. Is there room? Then try again; your casework is as it was."
  ${EndIf}
SectionEnd

Section "Uninstall"
  !insertmacro MUST_NOT_RUN
  !insertmacro REMOVE_PROGRAM
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${KEY}"
  ${If} ${FileExists} "${DATA}\*.*"
    MessageBox MB_OK|MB_ICONINFORMATION "${NAME} is removed. Your casework is still in$\r$\n${DATA}" /SD IDOK
  ${EndIf}
SectionEnd
