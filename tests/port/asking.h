/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the Xen port's host operations, on fake.c, and what must hold for all that
 * they answer. */
#ifndef TESTS_PORT_ASKING_H
#define TESTS_PORT_ASKING_H

#include "fake.h"

/* Frames: of the guest, which begin an entry of 1 GiB; RAM and devices of the
 * machine, aligned to 1 GiB, and above 4 GiB. */
#define GFN  0x40000ul
#define RAM  0x140000ul
#define MMIO 0x180000ul

#define SMALL       1u
#define SECTION     256u
#define SUPER       4096u
#define ORDER_4K    0
#define ORDER_2M    9
#define ORDER_1G    18
#define PAGES_OF_2M 512u

/* Pages of an answer that are a stretch of the machine's, and of one kind. */
struct run {
    int kind;
    enum denial why;
    maddr_t maddr;
    unsigned int pages;
};

static const struct host_ops *const ops = &omap_host_ops;
static struct host_page page[SUPER];
static struct run runs[SECTION];
static unsigned int count;    /* of runs */
static unsigned int answered; /* pages in them */

static inline int setup(void **state)
{
    (void)state;
    fake_start();
    fake.domain.iomem_first = MMIO;
    fake.domain.iomem_last = MMIO + 0x3ffff;

    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    fake_end();

    return 0;
}

static inline ipa_t ipa_of(unsigned long gfn)
{
    return _ipa((uint64_t)gfn << PAGE_SHIFT);
}

/* Each page of RAM is held once. */
static inline unsigned int references_of(const struct run *run)
{
    unsigned long mfn = run->maddr.v >> PAGE_SHIFT;
    unsigned int i;

    if ( run->kind != HOST_RAM )
        return 0;
    for ( i = 0; i < run->pages; i++ )
        assert_int_equal(fake.pages[mfn + i].references, 1);

    return run->pages;
}

static inline struct run run_of(struct host_page first, unsigned int pages)
{
    bool denied = host_kind(first) == HOST_DENIED;

    return (struct run){
        .kind = host_kind(first),
        .why = denied ? host_why(first) : DENIED_NOTHING,
        .maddr = denied ? _maddr(0) : host_maddr(first),
        .pages = pages,
    };
}

static inline bool extends(const struct run *run, const struct run *next)
{
    return next->kind == run->kind && next->why == run->why &&
           (run->kind == HOST_DENIED ||
            next->maddr.v ==
                run->maddr.v + ((uint64_t)run->pages << PAGE_SHIFT));
}

static inline void add_page(struct host_page page)
{
    struct run next = run_of(page, 1);

    if ( count && extends(&runs[count - 1], &next) )
        runs[count - 1].pages++;
    else
        runs[count++] = next;
}

/* What holds for all answers: limits, locks, a reference for each page of RAM and
 * for no other. Returns how many words were done. */
static inline unsigned int ask_words(const uint32_t *view, unsigned int n)
{
    unsigned int i, references = 0;

    assert_int_equal(fake.references, 0);
    memset(page, 0, sizeof(page));
    count = 0;
    answered = ops->get_pages(&fake.mmu.host, view, n, page);
    fake_assert_unlocked();
    assert_in_range(answered, 0, n);
    for ( i = 0; i < answered; i++ )
        if ( view_is_mapped(view[i]) )
            add_page(page[i]);
    for ( i = 0; i < count; i++ )
        references += references_of(&runs[i]);
    assert_int_equal(fake.references, references);

    return answered;
}

/* Pages that rise. */
static inline unsigned int ask(unsigned long gfn, unsigned int pages)
{
    uint32_t view[SECTION];
    unsigned int i;

    for ( i = 0; i < pages; i++ )
        view[i] = view_word(ipa_of(gfn + i));

    return ask_words(view, pages);
}

static inline bool ask_block(unsigned long gfn, unsigned int pages)
{
    struct host_page first = { HOST_MMIO }; /* what the stack may hold */
    bool whole;

    assert_int_equal(fake.references, 0);
    whole = ops->get_block(&fake.mmu.host, ipa_of(gfn), pages, &first);
    fake_assert_unlocked();
    count = whole;
    runs[0] = run_of(first, pages);
    assert_int_equal(fake.references, whole ? references_of(&runs[0]) : 0);
    if ( whole )
        assert_int_equal(runs[0].maddr.v % ((uint64_t)pages << PAGE_SHIFT), 0);

    return whole;
}

static inline void give_back(void)
{
    unsigned int i;

    for ( i = 0; i < count; i++ )
        if ( runs[i].kind == HOST_RAM )
            ops->put_pages(&fake.mmu.host, runs[i].maddr, runs[i].pages);
    assert_int_equal(fake.references, 0);
    count = 0;
}

static inline void assert_run(unsigned int i, int kind, unsigned long mfn,
                              unsigned int pages)
{
    assert_true(i < count);
    assert_int_equal(runs[i].kind, kind);
    assert_int_equal(runs[i].pages, pages);
    if ( kind != HOST_DENIED )
        assert_int_equal(runs[i].maddr.v, (uint64_t)mfn << PAGE_SHIFT);
}

static inline void assert_denied(unsigned int i, enum denial why,
                                 unsigned int pages)
{
    assert_run(i, HOST_DENIED, 0, pages);
    assert_int_equal(runs[i].why, why);
}

/* The page at GFN, by both look-ups. */
static inline void assert_kind(int kind, unsigned long mfn)
{
    ask(GFN, SMALL);
    assert_int_equal(count, 1);
    assert_run(0, kind, mfn, 1);
    give_back();

    assert_int_equal(ask_block(GFN, SMALL), kind != HOST_DENIED);
    if ( kind != HOST_DENIED )
        assert_run(0, kind, mfn, 1);
    give_back();
}

static inline void small_ram(unsigned long gfn, unsigned long mfn,
                             unsigned int pages)
{
    for ( ; pages; pages--, gfn++, mfn++ )
        fake_ram(gfn, ORDER_4K, mfn);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif /* TESTS_PORT_ASKING_H */
