/* SPDX-License-Identifier: GPL-2.0-only */
/* What the driver says. */
#include "fake.h"

/* One conversion of printf()'s; %pd is a domain, as in Xen. */
static int print_one(char *to, size_t room, const char *spec, va_list *args)
{
    char conversion = spec[strlen(spec) - 1];
    bool is_long = strchr(spec, 'l');

    switch ( conversion )
    {
    case '%':
        return snprintf(to, room, "%%");
    case 's':
        return snprintf(to, room, spec, va_arg(*args, const char *));
    case 'p':
        return snprintf(to, room, "d%u",
                        va_arg(*args, const struct domain *)->domain_id);
    case 'd':
    case 'u':
    case 'x':
        return is_long ? snprintf(to, room, spec, va_arg(*args, long))
                       : snprintf(to, room, spec, va_arg(*args, int));
    default:
        fail_msg("printk: %s", spec);
        return 0;
    }
}

static void print(char *to, size_t room, const char *fmt, va_list *args)
{
    char spec[16];
    size_t len;

    for ( *to = 0; *fmt && room > 1; to += len, room -= len )
    {
        len = strcspn(fmt, "%");
        if ( len )
        {
            len = min(len, room - 1);
            memcpy(to, fmt, len);
            to[len] = 0;
            fmt += len;
            continue;
        }

        len = 1 + strcspn(fmt + 1, "%sduxp") + 1;
        assert_true(len < sizeof(spec));
        memcpy(spec, fmt, len);
        spec[len] = 0;
        fmt += len;
        if ( spec[len - 1] == 'p' )
            assert_int_equal(*fmt++, 'd');
        len = print_one(to, room, spec, args);
        len = min(len, room - 1);
    }
}

void printk(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    print(fake.said, sizeof(fake.said), fmt, &args);
    va_end(args);
    fake.said_locked += !!fake.locks;
    assert_true(fake.logged + strlen(fake.said) < sizeof(fake.log));
    strcpy(fake.log + fake.logged, fake.said);
    fake.logged += strlen(fake.said);
}

int printk_ratelimit(void)
{
    return !fake.rate_limited;
}

void fake_bug(const char *what)
{
    mock_assert(0, what, "xen", 0);
    abort();
}

void panic(const char *fmt, ...)
{
    fake_bug(fmt);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
