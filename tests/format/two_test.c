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

#include "fake_host.h"
#include "instance_body.h"

#define IPA     0x80000000u
#define MACHINE 0x10000000u /* an IPA's machine address is that much higher */

#define DENIED_PAGE 60
#define LAST_ASKED  99 /* of a host that is not done */

/* What the host does: it denies the page, is done with all that it is asked for. */
static bool denies, is_done;
static unsigned int references;

static void answer(uint32_t word_of_view, struct host_page *page)
{
    ipa_t ipa = view_ipa(word_of_view);

    if ( denies && ipa.v == IPA + DENIED_PAGE * 0x1000 )
    {
        *page = host_denied(DENIED_NOT_OWN);
        return;
    }
    *page = host_page(HOST_RAM, _maddr(ipa.v + MACHINE));
    references++;
}

static unsigned int get_pages(struct host *host, const uint32_t *words_of_view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    if ( !is_done && n > LAST_ASKED + 1 )
        n = LAST_ASKED + 1;
    for ( i = 0; i < n; i++ )
        if ( view_is_mapped(words_of_view[i]) )
            answer(words_of_view[i], &page[i]);

    return n;
}

static void put_pages(struct host *host, maddr_t first, unsigned int pages)
{
    (void)host;
    (void)first;
    references -= pages;
}

static const struct host_ops ops = {
    .get_pages = get_pages,
    .put_pages = put_pages,
    .clean = quiet_clean,
};

static struct host host = { .ops = &ops };

static int setup(void **state)
{
    (void)state;
    denies = false;
    is_done = true;
    assert_int_equal(references, 0);

    return 0;
}

/* Nothing is held after a test. */
static int teardown(void **state)
{
    (void)state;
    omap_instance.release(&host);
    other_instance.release(&host);
    assert_int_equal(references, 0);

    return 0;
}

static void fill_both(void)
{
    assert_true(omap_instance.fill(&host, IPA));
    assert_true(other_instance.fill(&host, IPA));
}

/* A large page of OMAP's, and a page of the other format's. */
static void each_makes_its_own_words(void **state)
{
    (void)state;
    fill_both();
    assert_int_equal(omap_instance.word(17), (IPA + MACHINE + 0x10000) | 1);
    assert_int_equal(other_instance.word(17), (IPA + MACHINE + 0x11000) | 4);
    assert_int_equal(omap_instance.maddr(17).v, IPA + MACHINE + 0x11000);
    assert_int_equal(other_instance.maddr(17).v, IPA + MACHINE + 0x11000);
}

static void each_leaves_out_what_is_not_mapped(void **state)
{
    (void)state;
    fill_both();
    assert_int_equal(omap_instance.word(UNMAPPED_PAGE), 0);
    assert_int_equal(other_instance.word(UNMAPPED_PAGE), 0);
    assert_int_equal(omap_instance.word(UNMAPPED_PAGE + 1),
                     (IPA + MACHINE + (UNMAPPED_PAGE + 1) * 0x1000) | 2);
    assert_true(omap_instance.agrees());
    assert_true(other_instance.agrees());
}

/* And asks for it again. */
static void each_leaves_out_what_is_denied(void **state)
{
    (void)state;
    denies = true;
    fill_both();
    assert_int_equal(references, 256 - 2 + 1024 - 2);
    assert_int_equal(omap_instance.word(DENIED_PAGE), 0);
    assert_int_equal(other_instance.word(DENIED_PAGE), 0);
    assert_false(omap_instance.agrees());
    assert_false(other_instance.agrees());

    denies = false;
    assert_true(other_instance.fill(&host, IPA));
    assert_true(other_instance.agrees());
    assert_false(omap_instance.agrees());
    assert_true(omap_instance.fill(&host, IPA));
    assert_true(omap_instance.agrees());
}

static void each_says_that_the_host_was_not_done(void **state)
{
    (void)state;
    is_done = false;
    assert_false(omap_instance.fill(&host, IPA));
    assert_false(other_instance.fill(&host, IPA));
    assert_int_equal(references, 2 * LAST_ASKED);
    assert_int_not_equal(other_instance.word(LAST_ASKED), 0);
    assert_int_equal(other_instance.word(LAST_ASKED + 1), 0);

    is_done = true;
    fill_both();
    assert_true(omap_instance.agrees());
    assert_true(other_instance.agrees());
}

static void each_holds_for_itself(void **state)
{
    (void)state;
    assert_true(omap_instance.fill(&host, IPA));
    assert_true(other_instance.fill(&host, IPA + 0x40000000));
    assert_int_equal(omap_instance.pages, 256);
    assert_int_equal(other_instance.pages, 1024);
    assert_int_equal(references, 256 - 1 + 1024 - 1);

    omap_instance.release(&host);
    assert_int_equal(references, 1024 - 1);
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
    fill_both();
    assert_true(omap_instance.uses(IPA));
    assert_false(omap_instance.uses(IPA + 0x300000));
    assert_true(other_instance.uses(IPA + 0x300000));
    assert_false(other_instance.uses(IPA + 0x400000));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_makes_its_own_words),
        TEST(each_leaves_out_what_is_not_mapped),
        TEST(each_leaves_out_what_is_denied),
        TEST(each_says_that_the_host_was_not_done),
        TEST(each_holds_for_itself),
        TEST(each_uses_what_its_size_covers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
