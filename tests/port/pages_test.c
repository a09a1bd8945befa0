/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Xen port's host operations, for cases that real Xen cannot be made to show: each type
 * and access of a p2m entry, references that cannot be taken. xen/pages.c and xen/host.c as
 * they are, on fake.c.
 */

#include "asking.h"

/* Types and accesses */

#define ONE(name) +1
#define TYPES     (0 P2M_TYPES(ONE))
#define ACCESSES  (0 P2M_ACCESSES(ONE))

static bool may_write(p2m_access_t a)
{
    return a == p2m_access_rw || a == p2m_access_rwx;
}

static bool is_mmio(p2m_type_t t)
{
    return t == p2m_mmio_direct_dev || t == p2m_mmio_direct_nc ||
           t == p2m_mmio_direct_c;
}

static enum denial why(p2m_type_t t, p2m_access_t a)
{
    if ( t == p2m_invalid )
        return DENIED_UNMAPPED;

    return may_write(a) && (t == p2m_ram_rw || is_mmio(t)) ? DENIED_NOTHING
                                                           : DENIED_NOT_OWN;
}

/*
 * One page of this type, with each access: own RAM and I/O memory the domain was granted,
 * so that only the p2m decides.
 */
static void assert_type(p2m_type_t t, int kind)
{
    unsigned long mfn = kind == HOST_MMIO ? MMIO : RAM;
    unsigned int a;

    fake_own(&fake.domain, RAM, 1);
    for ( a = 0; a < ACCESSES; a++ )
    {
        fake_map(GFN, ORDER_4K, mfn, t, a);
        assert_kind(may_write(a) ? kind : HOST_DENIED, mfn);
        ask(GFN, SMALL);
        assert_int_equal(runs[0].why, why(t, a));
        give_back();
    }
}

static void every_type_with_every_access(void **state)
{
    unsigned int t;

    (void)state;
    for ( t = 0; t < TYPES; t++ )
        assert_type(t, t == p2m_ram_rw ? HOST_RAM
                       : is_mmio(t)    ? HOST_MMIO
                                       : HOST_DENIED);
}

static void assert_types_are_denied(p2m_type_t a, p2m_type_t b)
{
    assert_type(a, HOST_DENIED);
    assert_type(b, HOST_DENIED);
}

/*
 * They can go away without a change of the owner's p2m; so also if the domain itself is the
 * owner, as in assert_type().
 */
static void foreign_mappings_are_denied(void **state)
{
    (void)state;
    assert_types_are_denied(p2m_map_foreign_rw, p2m_map_foreign_ro);

    fake_own(&fake.other, RAM + 1, 1);
    fake_map(GFN, ORDER_4K, RAM + 1, p2m_map_foreign_rw, p2m_access_rwx);
    assert_kind(HOST_DENIED, 0);
}

static void grant_mappings_are_denied(void **state)
{
    (void)state;
    assert_types_are_denied(p2m_grant_map_rw, p2m_grant_map_ro);
}

static void iommu_mappings_are_denied(void **state)
{
    (void)state;
    assert_types_are_denied(p2m_iommu_map_rw, p2m_iommu_map_ro);
}

static void read_only_ram_is_denied(void **state)
{
    (void)state;
    assert_type(p2m_ram_ro, HOST_DENIED);
}

/* An introspector took rights away that the hardware cannot withhold. */
static void restricted_access_is_denied(void **state)
{
    static const p2m_access_t restricted[] = {
        p2m_access_n,  p2m_access_r,  p2m_access_w,     p2m_access_x,
        p2m_access_rx, p2m_access_wx, p2m_access_rx2rw, p2m_access_n2rwx,
    };
    unsigned int i;

    (void)state;
    fake_ram(GFN, ORDER_4K, RAM);
    fake_ram(GFN + 2, ORDER_4K, RAM + 2);
    for ( i = 0; i < sizeof(restricted) / sizeof(restricted[0]); i++ )
    {
        fake_ram(GFN + 1, ORDER_4K, RAM + 1);
        fake_map(GFN + 1, ORDER_4K, RAM + 1, p2m_ram_rw, restricted[i]);
        ask(GFN, 3);
        assert_int_equal(count, 3);
        assert_run(1, HOST_DENIED, 0, 1);
        give_back();

        fake_map(GFN + 1, ORDER_4K, MMIO, p2m_mmio_direct_dev, restricted[i]);
        ask(GFN + 1, 1);
        assert_run(0, HOST_DENIED, 0, 1);
    }
}

static void mmio_needs_permission_for_all_of_it(void **state)
{
    (void)state;
    fake.domain.iomem_first = MMIO + 2;
    fake.domain.iomem_last = MMIO + 5;
    fake_map(GFN, ORDER_2M, MMIO, p2m_mmio_direct_dev, p2m_access_rwx);
    ask(GFN + 2, 4);
    assert_run(0, HOST_MMIO, MMIO + 2, 4);
    ask(GFN + 1, 4);
    assert_denied(0, DENIED_MMIO, 1);
    assert_run(1, HOST_MMIO, MMIO + 2, 3);
    ask(GFN + 3, 4);
    assert_run(0, HOST_MMIO, MMIO + 3, 3);
    assert_denied(1, DENIED_MMIO, 1);
    assert_true(ask_block(GFN + 4, 2));
    assert_false(ask_block(GFN + 4, 4));
}

/* Whoever permitted it, with whatever type the guest maps it. */
static void registers_of_mmus_are_denied(void **state)
{
    struct omap_mmu *mmu = xzalloc(struct omap_mmu);

    (void)state;
    mmu->base = ((paddr_t)(MMIO + 3) << PAGE_SHIFT) + 0x800;
    mmu->regs = fake.view;
    list_add_tail(&mmu->list, &omap_mmus);
    fake_map(GFN, ORDER_2M, MMIO, p2m_mmio_direct_dev, p2m_access_rwx);
    ask(GFN + 2, 4);
    assert_run(0, HOST_MMIO, MMIO + 2, 1);
    assert_denied(1, DENIED_MMIO, 1);
    assert_run(2, HOST_MMIO, MMIO + 4, 2);
    assert_true(ask_block(GFN + 4, 4));
    assert_true(ask_block(GFN + 2, 1));
    assert_false(ask_block(GFN + 3, 1));
    assert_false(ask_block(GFN, 16));
    fake_map(GFN, ORDER_4K, MMIO + 3, p2m_mmio_direct_nc, p2m_access_rw);
    assert_kind(HOST_DENIED, 0);
}

static void pages_of_xens_heap_are_denied(void **state)
{
    (void)state;
    fake_ram(GFN, ORDER_4K, RAM);
    mfn_to_page(_mfn(RAM))->xen_heap = true;
    assert_kind(HOST_DENIED, 0);
}

static void ram_that_is_none_is_denied(void **state)
{
    (void)state;
    fake_map(GFN, ORDER_4K, MACHINE_PAGES, p2m_ram_rw, p2m_access_rwx);
    assert_kind(HOST_DENIED, 0);
}

static void holes_are_denied(void **state)
{
    (void)state;
    fake_map(GFN, ORDER_2M, 0, p2m_invalid, p2m_access_rwx);
    assert_kind(HOST_DENIED, 0);
    ask(GFN + 1, SECTION);
    assert_int_equal(count, 1);
    assert_run(0, HOST_DENIED, 0, SECTION);
}

/* Runs */

static void pages_4gib_apart_are_runs_of_their_own(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 1);
    small_ram(GFN + 1, RAM + 1 - 0x100000, 1);
    small_ram(GFN + 2, RAM + 1, 1); /* so that it could be held */
    ask(GFN, 2);
    assert_int_equal(count, 2);
    assert_run(1, HOST_RAM, RAM + 1 - 0x100000, 1);
    give_back();
    assert_false(ask_block(GFN, 2));
}

static void contiguous_pages_are_one_run(void **state)
{
    (void)state;
    small_ram(GFN, RAM + 7, SECTION);
    ask(GFN, SECTION);
    assert_int_equal(count, 1);
    assert_run(0, HOST_RAM, RAM + 7, SECTION);
    give_back();
}

static void scattered_pages_are_runs_of_their_own(void **state)
{
    (void)state;
    small_ram(GFN, RAM + 8, 2);
    small_ram(GFN + 2, RAM, 3);
    small_ram(GFN + 5, RAM + 4, 1);
    ask(GFN, 6);
    assert_int_equal(count, 3);
    assert_run(0, HOST_RAM, RAM + 8, 2);
    assert_run(1, HOST_RAM, RAM, 3);
    assert_run(2, HOST_RAM, RAM + 4, 1);
    give_back();
}

/* Even at addresses that follow each other. */
static void kinds_do_not_join(void **state)
{
    (void)state;
    small_ram(GFN, MMIO - 2, 2);
    fake_map(GFN + 2, ORDER_4K, MMIO, p2m_mmio_direct_nc, p2m_access_rw);
    fake_map(GFN + 3, ORDER_4K, MMIO + 1, p2m_mmio_direct_dev, p2m_access_rw);
    fake_own(&fake.domain, MMIO + 2, 1);
    fake_map(GFN + 4, ORDER_4K, MMIO + 2, p2m_ram_ro, p2m_access_rw);
    small_ram(GFN + 6, MMIO + 4, 1);
    ask(GFN, 7);
    assert_int_equal(count, 5);
    assert_run(0, HOST_RAM, MMIO - 2, 2);
    assert_run(1, HOST_MMIO, MMIO, 2);
    assert_denied(2, DENIED_NOT_OWN, 1);
    assert_denied(3, DENIED_UNMAPPED, 1);
    assert_run(4, HOST_RAM, MMIO + 4, 1);
    give_back();
    assert_false(ask_block(GFN, 4));
}

static void large_entries_from_their_middle(void **state)
{
    static const unsigned int orders[] = { ORDER_2M, ORDER_1G };
    unsigned int i;

    (void)state;
    for ( i = 0; i < 2; i++ )
    {
        fake_ram(GFN, orders[i], RAM);
        ask(GFN + 300, 100);
        assert_int_equal(count, 1);
        assert_run(0, HOST_RAM, RAM + 300, 100);
        give_back();
    }
}

/* What follows a large entry is not of it, also if asked from its middle. */
static void large_entries_end_where_they_end(void **state)
{
    (void)state;
    fake_ram(GFN, ORDER_2M, RAM);
    fake_own(&fake.domain, RAM + 512, 100);
    small_ram(GFN + 513, RAM, 1);
    ask(GFN + 400, 200);
    assert_int_equal(count, 4);
    assert_run(0, HOST_RAM, RAM + 400, 112);
    assert_run(1, HOST_DENIED, 0, 1);
    assert_run(2, HOST_RAM, RAM, 1);
    assert_run(3, HOST_DENIED, 0, 86);
    give_back();
}

static void entries_of_two_sizes_join(void **state)
{
    (void)state;
    fake_ram(GFN, ORDER_2M, RAM);
    small_ram(GFN + 512, RAM + 512, 100);
    ask(GFN + 400, 200);
    assert_int_equal(count, 1);
    assert_run(0, HOST_RAM, RAM + 400, 200);
    give_back();
}

/* Pages in no order, words that map nothing among them: each answer stands where its
 * word does, and what is not asked for is not looked at. */
static void scattered_words_are_answered(void **state)
{
    uint32_t view[SECTION];
    unsigned int i;

    (void)state;
    small_ram(GFN, RAM, SECTION);
    for ( i = 0; i < SECTION; i++ )
        view[i] = i % 3 ? view_word(ipa_of(GFN + i * 7 % SECTION))
                        : view_fault_word(IRQ_TRANSLATIONFAULT);
    fake.look_ups = 0;
    assert_int_equal(ask_words(view, SECTION), SECTION);
    assert_int_equal(fake.look_ups, SECTION - (SECTION + 2) / 3);
    for ( i = 0; i < SECTION; i++ )
        if ( i % 3 )
            assert_int_equal(host_maddr(page[i]).v >> PAGE_SHIFT,
                             RAM + i * 7 % SECTION);
        else
            assert_int_equal(page[i].v, 0);
    give_back();
}

/* What the words before were answered is still there, as in a fill. */
static void words_that_map_nothing_are_not_held(void **state)
{
    uint32_t view[2] = { view_word(ipa_of(GFN)), view_word(ipa_of(GFN + 1)) };

    (void)state;
    small_ram(GFN, RAM, 2);
    ops->get_pages(&fake.mmu.host, view, 2, page);
    assert_int_equal(fake.references, 2);
    view[0] = view_fault_word(IRQ_TRANSLATIONFAULT);
    ops->get_pages(&fake.mmu.host, view, 2, page);
    assert_int_equal(fake.references, 3);
    ops->put_pages(&fake.mmu.host, _maddr((uint64_t)RAM << PAGE_SHIFT), 2);
    ops->put_pages(&fake.mmu.host, _maddr((uint64_t)(RAM + 1) << PAGE_SHIFT),
                   1);
}

/* Both ends of what the device can address. */

#define END 0x100000ul /* the first frame at 4 GiB */

static void first_and_last_page_are_translated(void **state)
{
    (void)state;
    small_ram(0, RAM, 1);
    assert_int_equal(ask(0, 1), 1);
    assert_run(0, HOST_RAM, RAM, 1);
    give_back();
    small_ram(END - SECTION, RAM + SECTION, SECTION);
    assert_int_equal(ask(END - 1, 1), 1);
    assert_run(0, HOST_RAM, RAM + 2 * SECTION - 1, 1);
    give_back();
    assert_true(ask_block(END - SECTION, SECTION));
    assert_run(0, HOST_RAM, RAM + SECTION, SECTION);
    give_back();
}

/* Blocks */

static void aligned_block_is_taken(void **state)
{
    (void)state;
    small_ram(GFN, RAM + SECTION, SECTION);
    assert_true(ask_block(GFN, SECTION));
    assert_run(0, HOST_RAM, RAM + SECTION, SECTION);
    give_back();
    fake_map(GFN, ORDER_2M, MMIO, p2m_mmio_direct_dev, p2m_access_rwx);
    assert_true(ask_block(GFN, SECTION));
    assert_run(0, HOST_MMIO, MMIO, SECTION);
}

static void misaligned_block_is_refused(void **state)
{
    (void)state;
    small_ram(GFN, RAM + 16, SECTION);
    assert_false(ask_block(GFN, SECTION));
    assert_true(ask_block(GFN, 16));
    give_back();
    fake_map(GFN, ORDER_2M, MMIO + 1, p2m_mmio_direct_dev, p2m_access_rwx);
    assert_false(ask_block(GFN, SECTION));
}

/* Though their addresses follow each other. */
static void block_of_two_kinds_is_refused(void **state)
{
    (void)state;
    fake_map(GFN, ORDER_4K, MMIO, p2m_mmio_direct_dev, p2m_access_rw);
    fake_map(GFN + 1, ORDER_4K, MMIO + 1, p2m_mmio_direct_dev, p2m_access_rw);
    small_ram(GFN + 2, MMIO + 2, 2);
    assert_false(ask_block(GFN, 4));
    assert_true(ask_block(GFN, 2));
    assert_run(0, HOST_MMIO, MMIO, 2);
}

static void block_with_a_page_missing_is_refused(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < SECTION; i++ )
    {
        small_ram(GFN, RAM, SECTION);
        fake_map(GFN + i, ORDER_4K, 0, p2m_invalid, p2m_access_n);
        assert_false(ask_block(GFN, SECTION));
        small_ram(GFN + i, RAM + SECTION, 1);
        assert_false(ask_block(GFN, SECTION));
    }
}

static void supersection_of_small_entries_is_refused_at_once(void **state)
{
    (void)state;
    small_ram(GFN, RAM, SUPER);
    assert_false(ask_block(GFN, SUPER));
    assert_int_equal(fake.look_ups, 1);
    fake_invalidate_all();
    assert_false(ask_block(GFN, SUPER));
    assert_int_equal(fake.look_ups, 2);
    assert_int_equal(fake.resolves, 0);
}

static void supersection_of_2mib_entries_is_taken(void **state)
{
    unsigned int i;

    (void)state;
    for ( i = 0; i < SUPER; i += PAGES_OF_2M )
        fake_ram(GFN + i, ORDER_2M, RAM + i);
    assert_true(ask_block(GFN, SUPER));
    assert_run(0, HOST_RAM, RAM, SUPER);
    assert_int_equal(fake.look_ups, SUPER / PAGES_OF_2M);
    give_back();

    fake_ram(GFN, ORDER_1G, RAM);
    assert_true(ask_block(GFN + SUPER, SUPER));
    assert_run(0, HOST_RAM, RAM + SUPER, SUPER);
    give_back();
}

/* Its last 2 MiB are small entries, are a hole, or lie elsewhere. */
static void supersection_with_a_flaw_is_refused(void **state)
{
    unsigned long last = SUPER - PAGES_OF_2M;
    unsigned int i;

    (void)state;
    for ( i = 0; i < last; i += PAGES_OF_2M )
        fake_ram(GFN + i, ORDER_2M, RAM + i);
    small_ram(GFN + last, RAM + last, PAGES_OF_2M);
    assert_false(ask_block(GFN, SUPER));
    assert_int_equal(fake.look_ups, SUPER / PAGES_OF_2M);
    fake_map(GFN + last, ORDER_2M, 0, p2m_invalid, p2m_access_n);
    assert_false(ask_block(GFN, SUPER));
    fake_ram(GFN + last, ORDER_2M, RAM + SUPER);
    assert_false(ask_block(GFN, SUPER));
}

/* References */

static void page_going_away_is_denied_alone(void **state)
{
    (void)state;
    small_ram(GFN, RAM + 100, 4);
    small_ram(GFN + 4, RAM, 4);
    mfn_to_page(_mfn(RAM + 2))->going_away = true;
    assert_int_equal(ask(GFN, 8), 8);
    assert_int_equal(count, 4);
    assert_run(0, HOST_RAM, RAM + 100, 4);
    assert_run(1, HOST_RAM, RAM, 2);
    assert_denied(2, DENIED_GOING, 1);
    assert_run(3, HOST_RAM, RAM + 3, 1);
    give_back();
}

static void page_of_another_domain_is_denied(void **state)
{
    (void)state;
    small_ram(GFN, RAM, 4);
    fake_own(&fake.other, RAM + 1, 1);
    assert_int_equal(ask(GFN, 4), 4);
    assert_int_equal(count, 3);
    assert_run(0, HOST_RAM, RAM, 1);
    assert_denied(1, DENIED_GOING, 1);
    assert_run(2, HOST_RAM, RAM + 2, 2);
    give_back();
}

static void block_gives_back_what_it_held(void **state)
{
    unsigned int i;

    (void)state;
    small_ram(GFN, RAM, SECTION);
    for ( i = 0; i < SECTION; i++ )
    {
        mfn_to_page(_mfn(RAM + i))->going_away = true;
        assert_false(ask_block(GFN, SECTION));
        mfn_to_page(_mfn(RAM + i))->going_away = false;
    }
}

/* Reading the guest's memory */

static bool read_at(unsigned long gfn, unsigned int offset, uint8_t *buf,
                    unsigned int len)
{
    bool read =
        ops->read_guest(&fake.mmu.host, _ipa(ipa_of(gfn).v + offset), buf, len);

    fake_assert_unlocked();
    assert_int_equal(fake.references, 0);
    assert_int_equal(fake.mapped, 0);

    return read;
}

/* What it wrote past the cache, no more of it than asked. */
static void reads_what_the_guest_wrote(void **state)
{
    static const unsigned int pieces[][2] = {
        { 0, 4 }, { 4, 4 }, { 0xffc, 4 }, { 0x400, 0x400 }, { 0, 0x1000 },
    };
    uint8_t buf[PAGE_SIZE + 1];
    unsigned int i, k;

    (void)state;
    small_ram(GFN, RAM + 5, 1);
    fake_invalidate_all();
    for ( i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++ )
    {
        unsigned int offset = pieces[i][0], len = pieces[i][1];

        memset(buf, 0x5a, sizeof(buf));
        assert_true(read_at(GFN, offset, buf, len));
        for ( k = 0; k < len; k++ )
            assert_int_equal(buf[k], fake_byte(RAM + 5, offset + k));
        assert_int_equal(buf[len], 0x5a);
    }
}

static void reads_ram_only(void **state)
{
    unsigned int t;
    uint8_t buf[4];

    (void)state;
    for ( t = 0; t < TYPES; t++ )
    {
        fake_own(&fake.domain, RAM, 1);
        fake_map(GFN, ORDER_4K, RAM, t, p2m_access_rwx);
        assert_int_equal(read_at(GFN, 0, buf, 4),
                         t == p2m_ram_rw || t == p2m_ram_ro);
        fake_own(&fake.other, RAM, 1);
        assert_false(read_at(GFN, 0, buf, 4));
    }
    assert_false(read_at(GFN + 1, 0, buf, 4));
    small_ram(GFN, RAM, 1);
    mfn_to_page(_mfn(RAM))->going_away = true;
    assert_false(read_at(GFN, 0, buf, 4));
}

/* Tables for the hardware */

#define TABLE_BYTES 0x4000u

static void tables_are_zero_for_the_walker(void **state)
{
    maddr_t maddr = _maddr(0);
    uint8_t *p = omap_alloc_tables(TABLE_BYTES, &maddr);
    const struct fake_block *block = fake_block_at(maddr.v);
    unsigned int i;

    (void)state;
    assert_non_null(block);
    assert_ptr_equal(p, block->mapping);
    assert_int_equal(maddr.v, mfn_to_maddr(_mfn(block->mfn)));
    assert_int_equal(block->order, 2);
    for ( i = 0; i < TABLE_BYTES; i++ )
    {
        assert_int_equal(p[i], 0);
        assert_int_equal(block->by_walker[i], 0);
    }

    p[0x123] = 1;
    p[0x124] = 2;
    ops->clean(&fake.mmu.host, p + 0x124, 1);
    assert_int_equal(block->by_walker[0x124], 2);

    omap_free_tables(p, TABLE_BYTES, maddr);
    assert_null(fake_block_at(maddr.v));
}

static void no_memory_no_tables(void **state)
{
    maddr_t maddr = _maddr(7);

    (void)state;
    fake.no_memory = true;
    assert_null(omap_alloc_tables(TABLE_BYTES, &maddr));
    fake.no_memory = false;
    fake.no_vmap = true;
    assert_null(omap_alloc_tables(TABLE_BYTES, &maddr));
    assert_int_equal(fake.left.blocks, 0);
    omap_free_tables(NULL, TABLE_BYTES, maddr);
}

/* The rest */

/*
 * fake_assert_unlocked() and the fake's locks check this, in all other tests as well: here
 * each return path in a row, so that the next takes the lock again.
 */
static void p2m_lock_is_let_go_on_each_way_out(void **state)
{
    (void)state;
    ask_block(GFN, SMALL);
    ask(GFN, 1);
    small_ram(GFN, RAM, SECTION);
    assert_true(ask_block(GFN, SECTION));
    give_back();
    mfn_to_page(_mfn(RAM + 9))->going_away = true;
    assert_false(ask_block(GFN, SECTION));
    assert_int_equal(ask(GFN, SECTION), SECTION);
    give_back();
    fake_invalidate_all();
    assert_int_equal(ask(GFN, 1), 1);
    give_back();
    fake_invalidate_all();
    fake.mmu.resolves = 0;
    assert_int_equal(ask(GFN, 1), 0);
    assert_false(ask_block(GFN, SECTION));
    p2m_read_lock(&fake.domain.arch.p2m);
    p2m_read_unlock(&fake.domain.arch.p2m);
}

static void lock_is_the_mmus(void **state)
{
    (void)state;
    ops->lock(&fake.mmu.host);
    assert_true(fake.mmu.lock.held);
    ops->unlock(&fake.mmu.host);
    assert_false(fake.mmu.lock.held);
}

static void registers_are_the_mmus(void **state)
{
    struct fake_hw *hw = fake_hardware(0x4a066000, 60, false);

    (void)state;
    fake.mmu.regs = ioremap_nocache(hw->base, OMAP_MMU_WINDOW);
    ops->reg_write(&fake.mmu.host, MMU_TTB, 0x12345680);
    assert_int_equal(mmu_reg_read(&hw->model, MMU_TTB, 4), 0x12345680);
    assert_int_equal(ops->reg_read(&fake.mmu.host, MMU_TTB), 0x12345680);
    assert_int_equal(ops->reg_read(&fake.mmu.host, MMU_CNTL), 0);
}

/*
 * The default vgic takes a high level as an interrupt, again and again, and ignores a low
 * one; the new one injects for as long as it is high.
 */
static void interrupt_follows_the_level(void **state)
{
    (void)state;
    fake.mmu.irq = 60;
    fake.mmu.live = true;
    ops->set_irq(&fake.mmu.host, false);
    assert_int_equal(fake.injects, 0);
    ops->set_irq(&fake.mmu.host, true);
    assert_int_equal(fake.injects, 1);
    assert_int_equal(fake.virq, 60);
    assert_true(fake.domain.arch.line[60]);
    ops->set_irq(&fake.mmu.host, true);
    assert_int_equal(fake.injects, 2);
    ops->set_irq(&fake.mmu.host, false);
    assert_int_equal(fake.injects, 2);
    assert_false(fake.domain.arch.line[60]);
    ops->defer(&fake.mmu.host);
    assert_int_equal(fake.mmu.tasklet.scheduled, 1);
}

static void messages_name_the_mmu_and_are_limited(void **state)
{
    static const struct dt_device_node np = { .full_name = "/ocp/mmu@1" };

    (void)state;
    fake.mmu.np = &np;
    fake.rate_limited = true;
    assert_false(ops->log(&fake.mmu.host, "%u\n", 1u));
    assert_string_equal(fake.said, "");
    fake.rate_limited = false;
    assert_true(ops->log(&fake.mmu.host, "%u entries\n", 42u));
    assert_non_null(strstr(fake.said, "/ocp/mmu@1"));
    assert_non_null(strstr(fake.said, ": 42 entries\n"));
}

/* The core's longest messages: one that was cut would have no end of its line. */
static void no_message_is_cut(void **state)
{
    static const struct dt_device_node np = { .full_name = "/ocp/mmu@1" };
    unsigned int why;

    (void)state;
    fake.mmu.np = &np;
    for ( why = DENIED_NOTHING; why <= DENIED_TABLE; why++ )
    {
        assert_true(ops->log(&fake.mmu.host, "da %08x -> ipa %08x denied: %s\n",
                             0x80000000u, 0x80000000u, denial_text(why)));
        assert_non_null(strstr(fake.said, denial_text(why)));
        assert_int_equal(fake.said[strlen(fake.said) - 1], '\n');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_with_every_access),
        TEST(foreign_mappings_are_denied),
        TEST(grant_mappings_are_denied),
        TEST(iommu_mappings_are_denied),
        TEST(read_only_ram_is_denied),
        TEST(restricted_access_is_denied),
        TEST(mmio_needs_permission_for_all_of_it),
        TEST(registers_of_mmus_are_denied),
        TEST(pages_of_xens_heap_are_denied),
        TEST(ram_that_is_none_is_denied),
        TEST(holes_are_denied),
        TEST(pages_4gib_apart_are_runs_of_their_own),
        TEST(contiguous_pages_are_one_run),
        TEST(scattered_pages_are_runs_of_their_own),
        TEST(kinds_do_not_join),
        TEST(large_entries_from_their_middle),
        TEST(large_entries_end_where_they_end),
        TEST(entries_of_two_sizes_join),
        TEST(scattered_words_are_answered),
        TEST(words_that_map_nothing_are_not_held),
        TEST(first_and_last_page_are_translated),
        TEST(aligned_block_is_taken),
        TEST(misaligned_block_is_refused),
        TEST(block_of_two_kinds_is_refused),
        TEST(block_with_a_page_missing_is_refused),
        TEST(supersection_of_small_entries_is_refused_at_once),
        TEST(supersection_of_2mib_entries_is_taken),
        TEST(supersection_with_a_flaw_is_refused),
        TEST(page_going_away_is_denied_alone),
        TEST(page_of_another_domain_is_denied),
        TEST(block_gives_back_what_it_held),
        TEST(reads_what_the_guest_wrote),
        TEST(reads_ram_only),
        TEST(tables_are_zero_for_the_walker),
        TEST(no_memory_no_tables),
        TEST(p2m_lock_is_let_go_on_each_way_out),
        TEST(lock_is_the_mmus),
        TEST(registers_are_the_mmus),
        TEST(interrupt_follows_the_level),
        TEST(messages_name_the_mmu_and_are_limited),
        TEST(no_message_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
