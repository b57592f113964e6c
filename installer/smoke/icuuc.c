/* For the trial under Wine only, never shipped: Debian's Wine has no icuuc.dll, Windows 10 has one.
   Qt 6.10 and later import 20 converter functions from it. Every call says that there is no such
   converter; Qt then uses the codecs it has itself. */
#include <stddef.h>
#include <stdint.h>
#define SHOWN __declspec(dllexport)
typedef int32_t Error;
static void none(Error *error) { if (error) *error = 4; }
SHOWN void *ucnv_open(const char *name, Error *error) { (void)name; none(error); return NULL; }
SHOWN void ucnv_close(void *c) { (void)c; }
SHOWN void ucnv_reset(void *c) { (void)c; }
SHOWN int8_t ucnv_getMaxCharSize(const void *c) { (void)c; return 1; }
SHOWN const char *ucnv_getName(const void *c, Error *error) { (void)c; none(error); return NULL; }
SHOWN void ucnv_getToUCallBack(const void *c, void **a, const void **x) { (void)c; if (a) *a = NULL; if (x) *x = NULL; }
SHOWN void ucnv_getFromUCallBack(const void *c, void **a, const void **x) { (void)c; if (a) *a = NULL; if (x) *x = NULL; }
#define SILENT(name) SHOWN void name(void) {}
SILENT(ucnv_setToUCallBack) SILENT(ucnv_setFromUCallBack)
SILENT(UCNV_FROM_U_CALLBACK_SUBSTITUTE) SILENT(UCNV_TO_U_CALLBACK_SUBSTITUTE)
SILENT(ucnv_cbToUWriteUChars) SILENT(ucnv_cbFromUWriteUChars)
SILENT(ucnv_toUnicode) SILENT(ucnv_fromUnicode)
SHOWN int32_t ucnv_toUCountPending(const void *c, Error *error) { (void)c; none(error); return -1; }
SHOWN int32_t ucnv_fromUCountPending(const void *c, Error *error) { (void)c; none(error); return -1; }
SHOWN const char *ucnv_getStandardName(const char *n, const char *s, Error *error) { (void)n; (void)s; none(error); return NULL; }
SHOWN const char *ucnv_getAvailableName(int32_t n) { (void)n; return NULL; }
SHOWN int32_t ucnv_countAvailable(void) { return 0; }
