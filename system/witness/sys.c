/* SPDX-License-Identifier: GPL-2.0-only */
/* See sys.h. Numbers of calls: the EABI's. */
#include <stdarg.h>

#include "sys.h"

#define LINE 160

/* Linux's uapi, which is not for inclusion as it lies in its headers' package. */
enum {
    NR_FORK = 2,
    NR_READ = 3,
    NR_WRITE = 4,
    NR_OPEN = 5,
    NR_CLOSE = 6,
    NR_PIPE = 42,
    NR_IOCTL = 54,
    NR_WAIT4 = 114,
    NR_NANOSLEEP = 162,
    NR_MMAP2 = 192,
    NR_EXIT_GROUP = 248,
};
#define O_RDWR     2
#define PROT_RW    3
#define MAP_SHARED 1

static long call6(long number, long a, long b, long c, long d, long e, long f)
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register long r3 __asm__("r3") = d;
    register long r4 __asm__("r4") = e;
    register long r5 __asm__("r5") = f;

    __asm__ volatile("svc 0"
                     : "+r"(r0)
                     : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
                     : "memory");

    return r0;
}

static long call(long number, long a, long b, long c)
{
    return call6(number, a, b, c, 0, 0, 0);
}

int sys_open(const char *path)
{
    return call(NR_OPEN, (long)path, O_RDWR, 0);
}

int sys_close(int fd)
{
    return call(NR_CLOSE, fd, 0, 0);
}

int sys_ioctl(int fd, unsigned int request, void *arg)
{
    return call(NR_IOCTL, fd, request, (long)arg);
}

int sys_read(int fd, void *buffer, size_t bytes)
{
    return call(NR_READ, fd, (long)buffer, bytes);
}

int sys_write(int fd, const void *buffer, size_t bytes)
{
    return call(NR_WRITE, fd, (long)buffer, bytes);
}

int sys_pipe(int fds[2])
{
    return call(NR_PIPE, (long)fds, 0, 0);
}

int sys_fork(void)
{
    return call(NR_FORK, 0, 0, 0);
}

int sys_wait(int pid, int *status)
{
    return call6(NR_WAIT4, pid, (long)status, 0, 0, 0, 0);
}

void sys_sleep_ms(unsigned int ms)
{
    const struct {
        long seconds, nanoseconds;
    } time = { ms / 1000, ms % 1000 * 1000000 };

    call(NR_NANOSLEEP, (long)&time, 0, 0);
}

void sys_exit(int status)
{
    for ( ;; )
        call(NR_EXIT_GROUP, status, 0, 0);
}

void *sys_mmap(int fd, size_t bytes, uint32_t offset)
{
    unsigned long at =
        call6(NR_MMAP2, 0, bytes, PROT_RW, MAP_SHARED, fd, offset);

    return at > -4096ul ? NULL : (void *)at;
}

/* What the compiler may call. */
void *memset(void *to, int value, size_t bytes)
{
    unsigned char *byte = to;

    while ( bytes-- )
        *byte++ = value;

    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    unsigned char *byte = to;
    const unsigned char *of = from;

    while ( bytes-- )
        *byte++ = *of++;

    return to;
}

static char *put_number(char *to, uint32_t value, unsigned int base)
{
    char digits[10];
    unsigned int n = 0;

    do
        digits[n++] = "0123456789abcdef"[value % base];
    while ( value /= base );
    while ( n )
        *to++ = digits[--n];

    return to;
}

static char *put_string(char *to, const char *end, const char *s)
{
    while ( *s && to < end )
        *to++ = *s++;

    return to;
}

/* A number has 10 digits at most. */
void say(const char *format, ...)
{
    char line[LINE], *to = line;
    const char *const end = line + LINE - 11;
    va_list args;

    va_start(args, format);
    for ( ; *format && to < end; format++ )
        if ( *format != '%' )
            *to++ = *format;
        else if ( *++format == 's' )
            to = put_string(to, end, va_arg(args, const char *));
        else
            to = put_number(to, va_arg(args, uint32_t),
                            *format == 'x' ? 16 : 10);
    va_end(args);
    *to++ = '\n';
    sys_write(1, line, to - line);
}

void fail(const char *test, const char *why, uint32_t number)
{
    say("not ok - %s: %s (%d)", test, why, number);
    sys_exit(1);
}
