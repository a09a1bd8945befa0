/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two formats in one program: core/table.c as the core is compiled, and other_table.c.
 * Each makes words of its own format, and neither touches what the other holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define INSTANCE omap_instance

#include "instance_body.h"

#define IPA     0x80000000u
#define MACHINE 0x10000000u /* an IPA's machine address is that much higher */

static unsigned int references;

static unsigned int get_pages(struct host *host, const uint32_t *words_of_view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    for ( i = 0; i < n; i++ )
        page[i] =
            host_page(HOST_RAM, _maddr(view_ipa(words_of_view[i]).v + MACHINE));
    references += n;

    return n;
}

static void put_pages(struct host *host, maddr_t first, unsigned int pages)
{
    (void)host;
    (void)first;
    references -= pages;
}

static void clean(struct host *host, const void *p, size_t len)
{
    (void)host;
    (void)p;
    (void)len;
}

static const struct host_ops ops = {
    .get_pages = get_pages,
    .put_pages = put_pages,
    .clean = clean,
};

static struct host host = { .ops = &ops };

/* A large page of OMAP's, and a page of the other format's. */
static void each_makes_its_own_words(void **state)
{
    (void)state;
    omap_instance.fill(&host, IPA);
    other_instance.fill(&host, IPA);
    assert_int_equal(omap_instance.word(17), (IPA + MACHINE + 0x10000) | 1);
    assert_int_equal(other_instance.word(17), (IPA + MACHINE + 0x11000) | 4);
    assert_int_equal(omap_instance.maddr(17).v, IPA + MACHINE + 0x11000);
    assert_int_equal(other_instance.maddr(17).v, IPA + MACHINE + 0x11000);
    omap_instance.release(&host);
    other_instance.release(&host);
    assert_int_equal(references, 0);
}

static void each_holds_for_itself(void **state)
{
    (void)state;
    omap_instance.fill(&host, IPA);
    other_instance.fill(&host, IPA + 0x40000000);
    assert_int_equal(omap_instance.pages, 256);
    assert_int_equal(other_instance.pages, 1024);
    assert_int_equal(references, 256 + 1024);

    omap_instance.release(&host);
    assert_int_equal(references, 1024);
    assert_false(omap_instance.agrees());
    assert_true(other_instance.agrees());
    other_instance.release(&host);
    assert_int_equal(references, 0);
    assert_false(other_instance.agrees());
}

/* 1 MiB here, 4 MiB there. */
static void each_uses_what_its_size_covers(void **state)
{
    (void)state;
    omap_instance.fill(&host, IPA);
    other_instance.fill(&host, IPA);
    assert_true(omap_instance.uses(IPA));
    assert_false(omap_instance.uses(IPA + 0x300000));
    assert_true(other_instance.uses(IPA + 0x300000));
    assert_false(other_instance.uses(IPA + 0x400000));
    omap_instance.release(&host);
    other_instance.release(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_makes_its_own_words),
        cmocka_unit_test(each_holds_for_itself),
        cmocka_unit_test(each_uses_what_its_size_covers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
