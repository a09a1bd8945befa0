/* SPDX-License-Identifier: GPL-2.0-only */
#include "scenario.h"
#include "shadow_audit.h"

/*
 * The tables of the states: small pages, each given back by itself; the last page at
 * the end of what the p2m's filter looks at.
 */
static const struct picture spread = {
    .form = FORM_TABLE,
    .order = ORDER_SPREAD,
    .memory = LAST_SCATTERED,
    .mib = 0xfe,
};

static const struct picture section = {
    .form = FORM_SECTION,
    .memory = LAST_WHOLE,
    .mib = 0xff,
};

static const struct scenario *scenario;
static unsigned int slot, page; /* the scenario's */

static void write(unsigned int offset, uint32_t value)
{
    vmmu_write(&world.vmmu, offset, 4, value);
}

/* States */

/* The device touches slots, mapped as the picture says. */
static void fill(unsigned int first, unsigned int end, struct picture picture)
{
    unsigned int i;

    world.picture = picture;
    for ( i = first; i < end; i++ )
        device_faults(_da(i << PT_SLOT_SHIFT));
}

static void fill_tables(unsigned int tables)
{
    fill(0, tables, spread);
    fill(tables, PT_SLOTS, section);
}

static void fill_tables_live(unsigned int tables)
{
    const struct picture live = { .memory = MEMORY_SCATTERED };
    unsigned int own = tables < PT_GROUP ? tables : PT_GROUP;

    fill(0, PT_SLOTS - tables, section);
    fill(PT_SLOTS - tables, PT_SLOTS - own, spread);
    fill(PT_SLOTS - own, PT_SLOTS, live);
}

/* Just less than is given back at once, then a supersection; five times. */
static void fill_pages(void)
{
    const struct picture pages = { .form = FORM_SECTION };
    const struct picture super = { .form = FORM_SUPERSECTION };
    const struct picture live = { .form = FORM_SUPERSECTION, .mib = PT_GROUP };
    unsigned int first, end;

    for ( first = 0; first < 160; first = end + PT_GROUP )
    {
        end = first + SHADOW_RELEASE_PAGES / PT_PAGES;
        fill(first, end - 1, pages);
        fill(end, end + 1, super);
    }
    fill(PT_SLOTS - 1, PT_SLOTS, live);
}

static void make_state(enum state state, unsigned int tables)
{
    const struct picture super = { .form = FORM_SUPERSECTION };
    unsigned int i, used = tables - 1; /* one is kept free */

    world_init(tables);
    switch ( state )
    {
    case STATE_TABLES:
        fill_tables(used);
        break;
    case STATE_TABLES_LIVE:
        fill_tables_live(used);
        break;
    case STATE_SUPERSECTIONS:
        for ( i = 0; i < PT_SLOTS; i += PT_GROUP )
            fill(i, i + 1, super);
        break;
    case STATE_PAGES:
        fill_pages();
        break;
    case STATE_LAST:
        fill(PT_SLOTS - (used < 64 ? used : 64), PT_SLOTS, spread);
        break;
    }
    world_save(state);
}

/* Moments */

static void load_entry(unsigned int n, uint32_t da, unsigned int size)
{
    write(MMU_LOCK, LOCK_MAKE(0, n));
    write(MMU_CAM, (da & CAM_VATAG) | CAM_V | CAM_P | size);
    write(MMU_RAM, (uint32_t)MEMORY_SCATTERED << 28 | n << PT_SLOT_SHIFT);
    write(MMU_LD_TLB, 1);
}

static void empty_tlb(void)
{
    unsigned int n;

    write(MMU_CAM, 0);
    for ( n = 0; n < OMAP_MMU_TLB_ENTRIES; n++ )
    {
        write(MMU_LOCK, LOCK_MAKE(0, n));
        write(MMU_LD_TLB, 1);
    }
}

static void load_tlb(enum tlb tlb)
{
    uint32_t da = slot << PT_SLOT_SHIFT;
    unsigned int n;

    if ( tlb == TLB_AS_IT_WAS )
        return;
    if ( tlb == TLB_NONE || tlb == TLB_ONE )
        empty_tlb();
    if ( tlb == TLB_ONE )
        load_entry(0, da, CAM_SIZE_16M);
    for ( n = 0; tlb < TLB_ONE && tlb != TLB_NONE && n < OMAP_MMU_TLB_ENTRIES;
          n++ )
        if ( tlb == TLB_IN_SLOT )
            load_entry(n, da + 7 * n * PAGE_BYTES, CAM_SIZE_4K);
        else if ( tlb == TLB_MIXED )
            load_entry(n, da + n / 4 * PT_CHUNK * PAGE_BYTES, n % 4);
        else
            load_entry(n, n ? da ^ MIB : da, CAM_SIZE_4K);
}

static void touch(unsigned int first, unsigned int end)
{
    for ( ; first < end; first++ )
    {
        write(MMU_IRQSTATUS, IRQ_ALL);
        device_faults(_da(first << PT_SLOT_SHIFT | page << PT_PAGE_SHIFT));
    }
}

static void change(enum event event, const struct picture *p)
{
    uint32_t last = picture_ipa(p, PT_PAGES - 1);

    if ( event == EVENT_CHANGE_PAGE )
        vmmu_ipa_changed(&world.vmmu, _ipa(last), 1);
    else if ( event == EVENT_CHANGE_MIB )
        vmmu_ipa_changed(&world.vmmu, _ipa(0),
                         (last / MIB + 1) * (uint64_t)PT_PAGES);
    else
        vmmu_ipa_changed(&world.vmmu, _ipa(0), 1u << (32 - PT_PAGE_SHIFT));
}

/* One hypercall's, which by its strides are in a row, or in as many MiBs. */
static void change_often(unsigned int how)
{
    static const uint32_t strides[] = { PAGE_BYTES, MIB, 3 * MIB + PAGE_BYTES };
    uint32_t ipa = picture_ipa(&world.picture, PT_PAGES - 1);
    unsigned int i;

    for ( i = 0; i < 1024; i++, ipa += strides[how % 3] )
        vmmu_ipa_changed(&world.vmmu, _ipa(ipa), 1);
}

/* No scan is left, all was given up, and another CPU filled a slot since. */
static void forget_and_fill(void)
{
    world.vmmu.shadow.scans_left = 0;
    vmmu_ipa_changed(&world.vmmu, _ipa(0), 1u << (32 - PT_PAGE_SHIFT));
    device_faults(_da(slot << PT_SLOT_SHIFT));
}

static void happen(const struct moment *m)
{
    enum event event = m->event % EVENTS;

    world.picture = m->picture;
    world.picture.form %= FORMS;
    world.picture.order %= ORDERS;
    world.picture.memory %= 16;
    load_tlb(m->tlb % TLBS);

    switch ( event )
    {
    case EVENT_GFLUSH:
        write(MMU_GFLUSH, 1);
        break;
    case EVENT_FLUSH_ENTRY:
    case EVENT_FLUSH_OTHER:
        write(MMU_CAM, (event == EVENT_FLUSH_ENTRY ? slot : ~slot)
                           << PT_SLOT_SHIFT);
        write(MMU_FLUSH_ENTRY, 1);
        break;
    case EVENT_MMU_OFF:
    case EVENT_MMU_ON:
        write(MMU_CNTL,
              event == EVENT_MMU_OFF ? 0 : CNTL_MMUENABLE | CNTL_TWLENABLE);
        break;
    case EVENT_BUS_ERRORS:
        write(MMU_GP_REG, GP_REG_BUS_ERR_BACK_EN);
        break;
    case EVENT_TOUCH:
        touch(slot, slot + 1);
        break;
    case EVENT_TOUCH_GROUP:
        touch(slot - slot % PT_GROUP, slot - slot % PT_GROUP + PT_GROUP);
        break;
    case EVENT_CHANGE_ALL:
    case EVENT_CHANGE_PAGE:
    case EVENT_CHANGE_MIB:
        change(event, &world.picture);
        vmmu_renew(&world.vmmu);
        break;
    default:
        break;
    }
}

/* One fill at a time: what happens in one does not touch. */
static void overtake(void)
{
    struct moment m;

    if ( world.bill.operation != FAULT )
        return;

    m = scenario->now;
    if ( m.event % EVENTS == EVENT_TOUCH ||
         m.event % EVENTS == EVENT_TOUCH_GROUP )
        m.event = EVENT_NOTHING;
    happen(&m);
}

void scenario_init(unsigned int tables)
{
    unsigned int state;

    world_on_unlock(overtake);
    for ( state = 0; state < STATES; state++ )
        make_state(state, tables);
}

/* Operations */

static bool visit_leaf(void *arg, const struct shadow_leaf *leaf)
{
    (void)arg;
    (void)leaf;

    return true;
}

/* What the debug key does for one taking of the lock: the pool, or a group. */
static void look(unsigned int at_pool)
{
    const struct shadow *s = &world.vmmu.shadow;

    if ( at_pool )
    {
        vmmu_audit_registers(&world.vmmu);
        shadow_audit_pool(s);
        return;
    }
    shadow_for_group(s, slot / PT_GROUP, visit_leaf, NULL);
    shadow_audit_group(s, slot / PT_GROUP);
}

static void operate(enum operation operation, const struct scenario *s)
{
    static const uint8_t written[OPERATIONS] = {
        [TRAP_SYSCONFIG] = MMU_SYSCONFIG,
        [TRAP_IRQSTATUS] = MMU_IRQSTATUS,
        [TRAP_CNTL] = MMU_CNTL,
        [TRAP_TTB] = MMU_TTB,
        [TRAP_LD_TLB] = MMU_LD_TLB,
        [TRAP_GFLUSH] = MMU_GFLUSH,
        [TRAP_FLUSH_ENTRY] = MMU_FLUSH_ENTRY,
    };

    switch ( operation )
    {
    case CALIBRATE:
        calibrate();
        break;
    case TRAP_READ:
        vmmu_read(&world.vmmu, s->offset, 1u << s->page % 4);
        break;
    case TRAP_READ_CAM:
        vmmu_read(&world.vmmu, MMU_READ_CAM, 4);
        break;
    case TRAP_OTHER:
        vmmu_write(&world.vmmu, s->offset, 1u << s->page % 4, UINT32_MAX);
        break;
    case INTERRUPT:
        vmmu_interrupt(&world.vmmu);
        break;
    case FAULT:
        device_faults(_da(slot << PT_SLOT_SHIFT | page << PT_PAGE_SHIFT));
        break;
    case CONDEMNED:
        world.reg[MMU_IRQSTATUS / 4] = 0;
        vmmu_fault(&world.vmmu);
        break;
    case CHANGE:
        change(s->now.event % EVENTS, &world.picture);
        break;
    case CHANGES:
        change_often(s->offset);
        break;
    case FORGET:
        change(EVENT_CHANGE_PAGE, &world.picture);
        break;
    case LOOK:
        look(s->offset);
        break;
    case RELEASE:
        vmmu_release(&world.vmmu, SHADOW_RELEASE_PAGES);
        break;
    default:
        write(written[operation], UINT32_MAX);
    }
}

/* Registers that have an operation of their own, for what others write to. */
static bool has_own(unsigned int offset)
{
    switch ( offset & ~3u )
    {
    case MMU_SYSCONFIG:
    case MMU_IRQSTATUS:
    case MMU_CNTL:
    case MMU_TTB:
    case MMU_LD_TLB:
    case MMU_GFLUSH:
    case MMU_FLUSH_ENTRY:
    case MMU_READ_CAM:
        return true;
    default:
        return false;
    }
}

void scenario_run(enum operation operation, const struct scenario *s,
                  bool searched)
{
    unsigned int i;

    scenario = s;
    slot = (s->slot_high << 8 | s->slot_low) % PT_SLOTS;
    page = s->page;
    world.bill = (struct bill){ 0 };
    world_restore(s->state % STATES);
    for ( i = 0; i < BEFORE; i++ )
        happen(&s->before[i]);
    world.picture = s->now.picture;
    if ( operation == FAULT )
        write(MMU_IRQSTATUS, IRQ_ALL);
    if ( operation == FORGET )
        forget_and_fill();
    if ( (operation == TRAP_READ || operation == TRAP_OTHER) &&
         has_own(s->offset) )
        return;

    meter_start(operation, searched);
    operate(operation, s);
    meter_stop();
    meter_report();
}
