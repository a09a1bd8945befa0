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

/* What some refusal says: which device, to whom, why, and what to do. */
static void assert_refusal(const char *text)
{
    static const char words[] = ": not given to d";
    const char *reason = strstr(text, words), *remedy;

    if ( !reason )
        return;
    assert_int_equal(strncmp(text, "omap-mmu: /", 11), 0);
    reason += strlen(words);
    assert_in_range(*reason, '0', '9');
    reason += strspn(reason, "0123456789");
    assert_int_equal(strncmp(reason, ": ", 2), 0);
    reason += 2;
    remedy = strstr(reason, " (");
    if ( !remedy || remedy < reason + 10 || strlen(remedy) < 10 ||
         strcmp(text + strlen(text) - 2, ")\n") )
        fail_msg("a refusal without reason or remedy: %s", text);
}

/* SAID=<file> keeps it, as a console does (tests/tool/xen_prints.py). */
static void keep(const char *text)
{
    static bool in_line;
    const char *name = getenv("SAID");
    FILE *f = name ? fopen(name, "a") : NULL;

    if ( !f )
        return;
    fprintf(f, "%s%s", in_line ? "" : "(XEN) ", text);
    in_line = text[strlen(text) - 1] != '\n';
    fclose(f);
}

void printk(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    print(fake.said, sizeof(fake.said), fmt, &args);
    va_end(args);
    assert_in_range(strlen(fake.said), 1, sizeof(fake.said) - 2);
    assert_refusal(fake.said);
    fake.said_locked += !!fake.locks;
    assert_true(fake.logged + strlen(fake.said) < sizeof(fake.log));
    strcpy(fake.log + fake.logged, fake.said);
    fake.logged += strlen(fake.said);
    keep(fake.said);
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
