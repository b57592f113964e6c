/* The 22 functions that numpy's array module takes from OpenBLAS, written plainly: products of small
   matrices are all the program asks for, and OpenBLAS is 20 MB. The library takes OpenBLAS's name, with the
   functions under the names that numpy's wheel uses (64-bit counts). Row-major or column-major, transposed or
   not, steps of either sign, as the CBLAS standard has it. */
#include <complex.h>
#include <stdint.h>

typedef int64_t count;
enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112, CONJUGATED = 113, UPPER = 121, LOWER = 122 };

#ifdef _WIN32
#define API __declspec(dllexport)
#else
#define API __attribute__((visibility("default")))
#endif
#define NAMED(name) scipy_cblas_##name##64_
#define START(n, step) ((step) < 0 ? (1 - (n)) * (step) : 0)
#define SELF(x) (x)

/* An element of op(A) where A is stored in rows (or columns) of `lead` elements. */
#define AT(a, lead, by_row, i, j) ((a)[(by_row) ? (i) * (lead) + (j) : (j) * (lead) + (i)])

/* One kind of number: S its letter, T its type, IN how a factor is passed, VALUE how it is read, CONJ. */
#define KIND(S, T, IN, VALUE, CONJ)                                                                          \
    static T S##sum(count n, const T *x, count dx, const T *y, count dy, int conjugated)                     \
    {                                                                                                        \
        T sum = 0;                                                                                           \
        x += START(n, dx), y += START(n, dy);                                                                \
        for (count i = 0; i < n; i++)                                                                        \
            sum += (conjugated ? CONJ(x[i * dx]) : x[i * dx]) * y[i * dy];                                   \
        return sum;                                                                                          \
    }                                                                                                        \
    API void NAMED(S##axpy)(count n, IN alpha, const T *x, count dx, T *y, count dy)                         \
    {                                                                                                        \
        x += START(n, dx), y += START(n, dy);                                                                \
        for (count i = 0; i < n; i++)                                                                        \
            y[i * dy] += VALUE(alpha) * x[i * dx];                                                           \
    }                                                                                                        \
    API void NAMED(S##gemv)(int order, int trans, count m, count n, IN alpha, const T *a, count lead,        \
                            const T *x, count dx, IN beta, T *y, count dy)                                   \
    {                                                                                                        \
        int turned = trans != PLAIN, by_row = (order == ROW_MAJOR) != turned;                                \
        count rows = turned ? n : m, columns = turned ? m : n;                                               \
        x += START(columns, dx), y += START(rows, dy);                                                       \
        for (count i = 0; i < rows; i++) {                                                                   \
            T sum = 0;                                                                                       \
            for (count j = 0; j < columns; j++) {                                                            \
                T one = AT(a, lead, by_row, i, j);                                                           \
                sum += (trans == CONJUGATED ? CONJ(one) : one) * x[j * dx];                                  \
            }                                                                                                \
            y[i * dy] = VALUE(alpha) * sum + (VALUE(beta) == (T)0 ? (T)0 : VALUE(beta) * y[i * dy]);         \
        }                                                                                                    \
    }                                                                                                        \
    API void NAMED(S##gemm)(int order, int ta, int tb, count m, count n, count k, IN alpha, const T *a,      \
                            count la, const T *b, count lb, IN beta, T *c, count lc)                         \
    {                                                                                                        \
        int rows = order == ROW_MAJOR, ra = rows != (ta != PLAIN), rb = rows != (tb != PLAIN);               \
        for (count i = 0; i < m; i++)                                                                        \
            for (count j = 0; j < n; j++) {                                                                  \
                T sum = 0, *to = &AT(c, lc, rows, i, j);                                                     \
                for (count l = 0; l < k; l++) {                                                              \
                    T one = AT(a, la, ra, i, l), other = AT(b, lb, rb, l, j);                                \
                    sum += (ta == CONJUGATED ? CONJ(one) : one) * (tb == CONJUGATED ? CONJ(other) : other);  \
                }                                                                                            \
                *to = VALUE(alpha) * sum + (VALUE(beta) == (T)0 ? (T)0 : VALUE(beta) * *to);                 \
            }                                                                                                \
    }                                                                                                        \
    API void NAMED(S##syrk)(int order, int half, int trans, count n, count k, IN alpha, const T *a,          \
                            count lead, IN beta, T *c, count lc)                                             \
    {                                                                                                        \
        int rows = order == ROW_MAJOR, by_row = rows != (trans != PLAIN);                                    \
        for (count i = 0; i < n; i++)                                                                        \
            for (count j = half == UPPER ? i : 0; j < (half == UPPER ? n : i + 1); j++) {                    \
                T sum = 0, *to = &AT(c, lc, rows, i, j);                                                     \
                for (count l = 0; l < k; l++)                                                                \
                    sum += AT(a, lead, by_row, i, l) * AT(a, lead, by_row, j, l);                            \
                *to = VALUE(alpha) * sum + (VALUE(beta) == (T)0 ? (T)0 : VALUE(beta) * *to);                 \
            }                                                                                                \
    }

#define REAL(S, T)                                                                                           \
    KIND(S, T, T, SELF, SELF)                                                                                \
    API T NAMED(S##dot)(count n, const T *x, count dx, const T *y, count dy)                                 \
    {                                                                                                        \
        return S##sum(n, x, dx, y, dy, 0);                                                                   \
    }

#define POINTED(S, T) (*(const T *)(S))
#define AS_C(x) POINTED(x, float complex)
#define AS_Z(x) POINTED(x, double complex)
#define COMPLEX(S, T, VALUE, CONJ)                                                                           \
    KIND(S, T, const void *, VALUE, CONJ)                                                                    \
    API void NAMED(S##dotu_sub)(count n, const T *x, count dx, const T *y, count dy, T *sum)                 \
    {                                                                                                        \
        *sum = S##sum(n, x, dx, y, dy, 0);                                                                   \
    }                                                                                                        \
    API void NAMED(S##dotc_sub)(count n, const T *x, count dx, const T *y, count dy, T *sum)                 \
    {                                                                                                        \
        *sum = S##sum(n, x, dx, y, dy, 1);                                                                   \
    }

REAL(s, float)
REAL(d, double)
COMPLEX(c, float complex, AS_C, conjf)
COMPLEX(z, double complex, AS_Z, conj)
