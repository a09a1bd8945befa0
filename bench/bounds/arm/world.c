/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "audit.h"
#include "fake_host.h"
#include "world.h"

#define ROOT_MADDR   0x10000000u
#define TABLES_MADDR 0x11000000u
#define EMPTY_MADDR  0x12000000u
#define TABLE_IPA    0x20000000u

/* What the core was given to work with; the pool of the largest size. */
struct memory_of_mmu {
    struct vmmu vmmu;
    uint32_t root[PT_SLOTS];
    struct pool_table pool[SHADOW_MAX_TABLES];
    uint32_t words[SHADOW_MAX_TABLES * PT_PAGES];
};

struct world world;
static uint32_t root[PT_SLOTS];
static struct pool_table pool[SHADOW_MAX_TABLES];
static uint32_t words[SHADOW_MAX_TABLES * PT_PAGES];
static struct memory_of_mmu saved[STATES];
static uint32_t saved_held[STATES];

/* The meter */

static uint32_t now(void)
{
    return *(volatile uint32_t *)(METER_BASE + METER_COUNT);
}

void meter_charge(enum cost cost, uint32_t n)
{
    if ( world.measuring )
        world.bill.cost[cost] += n;
}

void meter_start(enum operation operation, bool searched)
{
    memset(&world.bill, 0, sizeof(world.bill));
    world.bill.operation = operation;
    world.bill.tables = world.tables;
    world.bill.searched = searched;
    world.unlocks = 0;
    world.measuring = true;
    world.start = now();
}

void meter_stop(void)
{
    world.bill.cost[INSTRUCTIONS] += now() - world.start;
    world.measuring = false;
}

void meter_report(void)
{
    *(volatile uint32_t *)(METER_BASE + METER_REPORT) = (uint32_t)&world.bill;
}

void meter_clean(struct host *host, const void *p, size_t len)
{
    (void)host;
    (void)p;
    meter_charge(CLEANED, len);
}

void meter_lock(struct host *host)
{
    (void)host;
    if ( world.measuring )
        world.locked = now();
}

static void (*overtake)(void);

void world_on_unlock(void (*happens)(void))
{
    overtake = happens;
}

void meter_unlock(struct host *host)
{
    uint32_t stretch = now() - world.locked;

    (void)host;
    if ( !world.measuring )
        return;

    if ( stretch > world.bill.cost[LOCKED] )
        world.bill.cost[LOCKED] = stretch;
    meter_stop();
    if ( !world.unlocks++ && overtake )
        overtake();
    world.measuring = true;
    world.start = now();
}

/* The guest's tables */

uint32_t picture_base(const struct picture *p)
{
    uint32_t ipa = (uint32_t)p->memory << 28 | (uint32_t)p->mib
                                                   << PT_SLOT_SHIFT;

    return p->form >= FORM_RISING ? pt_address(PT_SUPERSECTION, ipa) : ipa;
}

uint32_t picture_ipa(const struct picture *p, unsigned int page)
{
    uint32_t ipa = picture_base(p);

    switch ( p->order )
    {
    case ORDER_SHUFFLED:
        ipa += page * 5 % PT_PAGES << PT_PAGE_SHIFT;
        break;
    case ORDER_CHUNKS:
        ipa += page / PT_CHUNK * 5 % PT_CHUNK * PT_CHUNK << PT_PAGE_SHIFT;
        ipa += page % PT_CHUNK << PT_PAGE_SHIFT;
        break;
    case ORDER_SPREAD:
        if ( page != PT_PAGES - 1 )
            ipa += MIB;
        /* fall through */
    default:
        ipa += page << PT_PAGE_SHIFT;
    }
    if ( page % PT_CHUNK == PT_CHUNK - 1 )
        ipa += (uint32_t)p->odd << PT_SLOT_SHIFT;

    return ipa;
}

static uint32_t page_word(const struct picture *p, unsigned int page)
{
    enum pt_kind kind =
        p->form == FORM_SMALL_AND_LARGE && page % 2 ? PT_LARGE : PT_SMALL;

    if ( p->order == ORDER_HALF && page % 2 )
        return PT_FAULT_WORD;

    return pt_make(kind, pt_address(kind, picture_ipa(p, page)));
}

static uint32_t slot_word(const struct picture *p, unsigned int slot)
{
    uint32_t base = picture_base(p);

    switch ( p->form )
    {
    case FORM_TABLE:
    case FORM_SMALL_AND_LARGE:
        return pt_make(PT_TABLE, TABLE_IPA);
    case FORM_SECTION:
        return pt_make(PT_SECTION, base);
    case FORM_NEARLY:
    case FORM_RISING:
        if ( p->form == FORM_NEARLY && slot == PT_GROUP - 1 )
            slot = 0;
        return pt_make(PT_SECTION, base + slot * MIB);
    case FORM_SUPERSECTION:
        return pt_make(PT_SUPERSECTION, base);
    default:
        return PT_FAULT_WORD;
    }
}

/* A group's words, or a table's: told apart by how many are read. */
static bool read_guest(struct host *host, ipa_t ipa, void *buf, size_t len)
{
    uint32_t *word = buf;
    unsigned int i;

    (void)host;
    (void)ipa;
    meter_charge(LOOKUPS, 1);
    for ( i = 0; i < len / sizeof(*word); i++ )
        word[i] = len == PT_TABLE_BYTES ? page_word(&world.picture, i)
                                        : slot_word(&world.picture, i);

    return true;
}

/* The p2m */

static enum memory memory_of(uint32_t ipa)
{
    unsigned int region = ipa >> 28;

    if ( region < MEMORIES )
        return region;

    return region == LAST_WHOLE ? MEMORY_WHOLE : MEMORY_SCATTERED;
}

static uint64_t page_maddr(uint32_t ipa)
{
    uint32_t page = ipa >> PT_PAGE_SHIFT, in_mib = page % PT_PAGES;

    switch ( memory_of(ipa) )
    {
    case MEMORY_MISALIGNED:
        page += 1;
        break;
    case MEMORY_HIGH:
        return ipa + (1ull << 32);
    case MEMORY_CHUNKS:
        page = (page & ~0xff0u) | ((page & 0xff0u) * 5 & 0xff0u);
        break;
    case MEMORY_UNSHUFFLED: /* 5 * 205 = 1 modulo 256 */
        page = page - in_mib + in_mib * 205 % PT_PAGES;
        break;
    case MEMORY_SCATTERED:
    case MEMORY_HOLES:
        page = page - in_mib + in_mib * 7 % PT_PAGES;
        break;
    default:
        break;
    }

    return (uint64_t)page << PT_PAGE_SHIFT;
}

static struct host_page look_up(uint32_t ipa)
{
    enum memory memory = memory_of(ipa);

    meter_charge(LOOKUPS, 1);
    if ( memory == MEMORY_DENIED ||
         (memory == MEMORY_HOLES && ipa >> PT_PAGE_SHIFT & 1) )
        return host_denied(DENIED_NOTHING);

    return host_page(memory == MEMORY_DEVICE ? HOST_MMIO : HOST_RAM,
                     _maddr(page_maddr(ipa)));
}

static void hold(struct host_page page, unsigned int pages)
{
    if ( host_kind(page) != HOST_RAM )
        return;
    world.held += pages;
    meter_charge(TAKEN, pages);
}

static unsigned int get_pages(struct host *host, const uint32_t *view,
                              unsigned int n, struct host_page *page)
{
    unsigned int i;

    (void)host;
    for_each_mapped(i, view, n)
    {
        page[i] = look_up((uint32_t)view_ipa(view[i]).v);
        hold(page[i], 1);
    }

    return n;
}

/* As the port does it: an entry of so many pages after the other, up to the first that
 * does not go on. */
static bool is_block(uint32_t ipa, unsigned int pages, unsigned int entry,
                     struct host_page *first)
{
    struct host_page page;
    unsigned int i;

    *first = look_up(ipa);
    for ( i = entry; i < pages; i += entry )
    {
        page = look_up(ipa + i * PAGE_BYTES);
        if ( page.v != first->v + i * PAGE_BYTES )
            return false;
    }

    return host_kind(*first) != HOST_DENIED &&
           !(host_maddr(*first).v & (pages * PAGE_BYTES - 1));
}

static bool get_block(struct host *host, ipa_t ipa, unsigned int pages,
                      struct host_page *first)
{
    /* The port takes 16 MiB by entries of 2 MiB only. */
    unsigned int entry = pages > 512 ? 512 : 1;

    (void)host;
    if ( !is_block((uint32_t)ipa.v, pages, entry, first) )
        return false;

    hold(*first, pages);

    return true;
}

static void put_pages(struct host *host, maddr_t maddr, unsigned int pages)
{
    (void)host;
    (void)maddr;
    world.held -= pages;
    meter_charge(GIVEN, pages);
}

/* The machine */

/* The walker is seen walking for as long as anyone looks. */
static uint32_t reg_read(struct host *host, unsigned int offset)
{
    (void)host;
    meter_charge(REGISTERS, 1);

    return offset == MMU_WALKING_ST ? WALKING_ST_TWLRUNNING
                                    : world.reg[offset / 4];
}

static void reg_write(struct host *host, unsigned int offset, uint32_t value)
{
    (void)host;
    meter_charge(REGISTERS, 1);
    stored_reg_write(world.reg, offset, value);
}

static const struct host_ops ops = {
    FAKE_HOST(meter_lock, meter_unlock, get_block, meter_clean),
    FAKE_HOST_QUIET,
};

void device_faults(da_t da)
{
    world.reg[MMU_IRQSTATUS / 4] = IRQ_TRANSLATIONFAULT;
    world.reg[MMU_FAULT_AD / 4] = da.v;
    vmmu_fault(&world.vmmu);
}

/* Life */

void world_init(unsigned int tables)
{
    /* Without bus errors a refused access may stall, its MMU off. */
    const struct vmmu_config config = {
        .tlb_entries = OMAP_MMU_TLB_ENTRIES,
        .parts.bus_err_back = tables != SHADOW_MIN_TABLES,
        .revision = 0x20,
        .window = OMAP_MMU_WINDOW,
    };
    const struct shadow_memory mem = {
        .root = root,
        .root_maddr = { ROOT_MADDR },
        .tables = words,
        .tables_maddr = { TABLES_MADDR },
        .pool = pool,
        .nr_tables = tables,
        .empty_maddr = { EMPTY_MADDR },
    };

    memset(&world, 0, sizeof(world));
    memset(root, 0, sizeof(root));
    memset(pool, 0, sizeof(pool));
    memset(words, 0, sizeof(words));
    world.tables = tables;
    world.host.ops = &ops;
    vmmu_init(&world.vmmu, &world.host, &config, &mem);
    vmmu_write(&world.vmmu, MMU_CNTL, 4, CNTL_MMUENABLE | CNTL_TWLENABLE);
}

void trouble(const char *text)
{
    *(volatile uint32_t *)(METER_BASE + METER_TROUBLE) = (uint32_t)text;
}

void world_check(void)
{
    const char *bad = vmmu_audit(&world.vmmu);

    if ( bad )
        trouble(bad);
    while ( !vmmu_release(&world.vmmu, UINT32_MAX) )
        continue;
    if ( world.held )
        trouble("references are left after the release");
}

/* By the meter: an emulated CPU's stores are slow. */
static void copy(void *to, const void *from, size_t n)
{
    const struct copying copying = { (uint32_t)to, (uint32_t)from, n };

    __asm__ volatile("" ::: "memory");
    *(volatile uint32_t *)(METER_BASE + METER_COPY) = (uint32_t)&copying;
    __asm__ volatile("" ::: "memory");
}

void world_save(unsigned int n)
{
    unsigned int tables = world.vmmu.shadow.mem.nr_tables;

    copy(&saved[n].vmmu, &world.vmmu, sizeof(world.vmmu));
    copy(saved[n].root, root, sizeof(root));
    copy(saved[n].pool, pool, tables * sizeof(pool[0]));
    copy(saved[n].words, words, tables * PT_TABLE_BYTES);
    saved_held[n] = world.held;
}

void world_restore(unsigned int n)
{
    unsigned int tables = world.vmmu.shadow.mem.nr_tables;

    copy(&world.vmmu, &saved[n].vmmu, sizeof(world.vmmu));
    copy(root, saved[n].root, sizeof(root));
    copy(pool, saved[n].pool, tables * sizeof(pool[0]));
    copy(words, saved[n].words, tables * PT_TABLE_BYTES);
    world.held = saved_held[n];
    memset(world.reg, 0, sizeof(world.reg));
}
