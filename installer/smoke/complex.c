/* For the trial under Wine only, never shipped: Wine's C runtime lacks the functions for complex numbers
   that Windows' own has, and NumPy asks for them. Everything else is forwarded to Wine's (shims.py). */
#include <complex.h>

typedef struct { double re, im; } Double; /* as Microsoft's compiler passes them; its long double is a double */
typedef struct { float re, im; } Float;

static double complex wide(Double z) { return z.re + I * z.im; }
static float complex narrow(Float z) { return z.re + I * z.im; }
static Double from_wide(double complex z) { return (Double){creal(z), cimag(z)}; }
static Float from_narrow(float complex z) { return (Float){crealf(z), cimagf(z)}; }

#define OF(name) \
    Double shim_##name(Double z) { return from_wide(name(wide(z))); } \
    Double shim_##name##l(Double z) { return from_wide(name(wide(z))); } \
    Float shim_##name##f(Float z) { return from_narrow(name##f(narrow(z))); }
#define TO_REAL(name) \
    double shim_##name(Double z) { return name(wide(z)); } \
    double shim_##name##l(Double z) { return name(wide(z)); } \
    float shim_##name##f(Float z) { return name##f(narrow(z)); }

OF(cacos) OF(cacosh) OF(casin) OF(casinh) OF(catan) OF(catanh) OF(ccos) OF(ccosh) OF(cexp) OF(clog)
OF(conj) OF(csin) OF(csinh) OF(csqrt) OF(ctan) OF(ctanh)
TO_REAL(cabs) TO_REAL(carg) TO_REAL(creal) TO_REAL(cimag)

Double shim_cpow(Double z, Double w) { return from_wide(cpow(wide(z), wide(w))); }
Double shim_cpowl(Double z, Double w) { return from_wide(cpow(wide(z), wide(w))); }
Float shim_cpowf(Float z, Float w) { return from_narrow(cpowf(narrow(z), narrow(w))); }
