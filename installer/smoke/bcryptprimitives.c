/* For the trial under Wine 8 only, never shipped: Windows (since 8) and Wine 10 have a bcryptprimitives.dll,
   Wine 8 has none. Rust's standard library asks it for random numbers. */
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}
