/* GridOffice.exe and GridOfficeCmd.exe: load the Python beside them and run the program.

   python311._pth in the same folder fixes where modules come from: no registry, no PYTHON* variables,
   nothing of another Python on the computer. A worker process is the same program, started by Python's
   multiprocessing with words of its own; these go to Python as they are. */
#include <windows.h>
#include <stdlib.h>
#include <wchar.h>

#define ROOM 32768

typedef int (*py_main)(int, wchar_t **);

static int refuse(const wchar_t *sentence)
{
#ifdef WINDOWED
    MessageBoxW(NULL, sentence, L"\u7f51\u683c\u529e", MB_ICONERROR);
#else
    DWORD written;
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    WriteConsoleW(out, sentence, (DWORD)wcslen(sentence), &written, NULL);
    WriteConsoleW(out, L"\r\n", 2, &written, NULL);
#endif
    return 70;
}

static int is_worker(int count, wchar_t **words)
{
    for (int i = 1; i < count; i++)
        if (!wcscmp(words[i], L"--multiprocessing-fork"))
            return 1;
    return 0;
}

int wmain(int count, wchar_t **words)
{
    static wchar_t folder[ROOM], library[ROOM];
    /* PySide6 finds its plugins' libraries on PATH, which is not searched here: they are named. */
    static const wchar_t *const beside[] = {L"", L"\\lib\\PySide6", L"\\lib\\shiboken6"};
    DWORD length = GetModuleFileNameW(NULL, folder, ROOM);
    wchar_t *last = length && length < ROOM ? wcsrchr(folder, L'\\') : NULL;
    if (!last || last - folder > ROOM - 64)
        return refuse(L"\u7a0b\u5e8f\u6240\u5728\u7684\u8def\u5f84\u592a\u957f\uff0c\u6362\u4e00\u4e2a\u77ed\u4e00\u4e9b\u7684\u6587\u4ef6\u5939\u91cd\u65b0\u5b89\u88c5\u3002");
    *last = 0;
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        wcscpy(library, folder);
        wcscat(library, beside[i]);
        AddDllDirectory(library);
    }
    wcscpy(library, folder);
    wcscat(library, L"\\python311.dll");
    HMODULE python = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    py_main run = python ? (py_main)(void *)GetProcAddress(python, "Py_Main") : NULL;
    wchar_t **all = calloc((size_t)count + 5, sizeof *all);
    if (!run || !all)
        return refuse(L"\u7a0b\u5e8f\u6587\u4ef6\u4e0d\u5b8c\u6574\uff0c\u91cd\u65b0\u5b89\u88c5\u5373\u53ef\uff0c\u8d44\u6599\u4e0d\u53d7\u5f71\u54cd\u3002");
    int n = 0, i = 1;
    all[n++] = words[0];
    if (!is_worker(count, words)) {
        all[n++] = L"-I";
        all[n++] = L"-B";
        all[n++] = L"-m";
        all[n++] = L"gridoffice";
    }
    while (i < count)
        all[n++] = words[i++];
    return run(n, all);
}

#ifdef WINDOWED
int WINAPI wWinMain(HINSTANCE self, HINSTANCE before, LPWSTR line, int show)
{
    (void)self, (void)before, (void)line, (void)show;
    return wmain(__argc, __wargv);
}
#endif
