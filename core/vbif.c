/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "bits.h"
#include "vbif.h"

static void lock(struct vbif *v)
{
    v->host->ops->lock(v->host);
}

static void unlock(struct vbif *v)
{
    v->host->ops->unlock(v->host);
}

static uint32_t rd(const struct vbif *v, unsigned int offset)
{
    return v->host->ops->reg_read(v->host, offset);
}

static void wr(struct vbif *v, unsigned int offset, uint32_t value)
{
    v->host->ops->reg_write(v->host, offset, value);
}

static void warn(struct vbif *v, bool *warned, const char *what)
{
    if ( !*warned )
        *warned = v->host->ops->log(v->host, "%s\n", what);
}

static void request(struct vbif *v)
{
    mirror_request(v->mirror);
    v->host->ops->defer(v->host);
}

/* Banks: a write to BROADCAST reaches all, a read of it the first core. */

static unsigned int first_bank(unsigned int bank)
{
    return bank == SGX_BROADCAST ? SGX_MASTER : bank;
}

static unsigned int last_bank(unsigned int bank)
{
    return bank == SGX_BROADCAST ? SGX_CORE1 : bank;
}

static unsigned int read_bank(unsigned int bank)
{
    return bank == SGX_BROADCAST ? SGX_CORE0 : bank;
}

/* The GPU held in reset */

static bool all_in_reset(const struct vbif *v)
{
    unsigned int bank = SGX_MASTER;

    while ( bank < SGX_BANKS && bif_in_reset(v->reset, bank) )
        bank++;

    return bank == SGX_BANKS;
}

/*
 * The hardware is in reset. Directories stay bound until the guest resets it,
 * since a step of the mirror may be under way.
 */
static void note_held(struct vbif *v)
{
    unsigned int bank;

    v->state = VBIF_HELD;
    v->count.held++;
    v->waiting = v->due = 0;
    v->ready = false;
    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        v->reset[bank] = SGX_RESET_ALL;
}

/* A BIF in reset reads nothing, and is invalidated before it leaves reset. */
static void quiesce(void *ctx)
{
    struct vbif *v = ctx;

    if ( v->state != VBIF_LIVE || all_in_reset(v) )
        return;

    v->count.quiesced++;
    if ( bif_hw_quiesce(v->host, v->ctrl) )
        return;

    note_held(v);
    warn(
        v, &v->warned_held,
        "the GPU's reads did not end: it is in reset until its guest resets it");
}

/* Doorbells */

static void remove_doorbell(struct vbif *v, unsigned int i)
{
    if ( i < v->due )
        v->due--;
    v->waiting--;
    for ( ; i < v->waiting; i++ )
        v->doorbell[i] = v->doorbell[i + 1];
    v->ready = v->ready && v->due;
}

/* A doorbell does not join one that is due: it waits for a later pass. */
static void ring(struct vbif *v, unsigned int offset, uint32_t value)
{
    struct vbif_doorbell *last =
        v->waiting > v->due ? &v->doorbell[v->waiting - 1] : NULL;

    if ( last && last->offset == offset && last->value == value &&
         last->count < UINT32_MAX )
        last->count++;
    else if ( v->waiting < VBIF_DOORBELLS )
        v->doorbell[v->waiting++] = (struct vbif_doorbell){ offset, value, 1 };
    else
    {
        v->count.lost++;
        warn(v, &v->warned_lost, "a doorbell is lost: too many of them wait");
        return;
    }
    request(v);
}

static bool is_invalidating(const struct vbif *v)
{
    unsigned int i;

    for ( i = 0; i < v->waiting; i++ )
        if ( v->doorbell[i].offset % SGX_BANK_BYTES == SGX_BIF_CTRL_INVAL )
            return true;

    return false;
}

/* A reset core does not see its doorbells any more. */
static void drop_doorbells(struct vbif *v, unsigned int bank)
{
    unsigned int i = 0;

    while ( i < v->waiting )
        if ( bank <= SGX_MASTER ||
             v->doorbell[i].offset / SGX_BANK_BYTES == bank )
            remove_doorbell(v, i);
        else
            i++;
}

static void forward(struct vbif *v)
{
    unsigned int n;

    for ( n = 0; v->ready && n < VBIF_FORWARDS; n++ )
    {
        wr(v, v->doorbell[0].offset, v->doorbell[0].value);
        v->count.doorbells++;
        if ( !--v->doorbell[0].count )
            remove_doorbell(v, 0);
    }
}

/* Directories */

static maddr_t root_of(const struct vbif *v, int dir)
{
    return dir < 0 ? v->empty : mirror_root(v->mirror, (unsigned int)dir);
}

/* A base of 0 means no directory. */
static int bind(struct vbif *v, uint32_t dir)
{
    bool known;
    int n;

    if ( !dir )
        return -1;

    known = mirror_find(v->mirror, _ipa(dir)) >= 0;
    n = mirror_bind(v->mirror, _ipa(dir));
    if ( n < 0 )
        v->full++;
    else if ( !known )
        request(v);

    return n;
}

static void warn_full(struct vbif *v)
{
    warn(v, &v->warned_full, "no memory for a directory: it maps nothing");
}

static bool is_used(const struct vbif *v, int dir)
{
    unsigned int bank, n;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        for ( n = 0; n < SGX_BASES; n++ )
            if ( v->dir[bank][n] == dir )
                return true;

    return bit_is_set(v->recorded, (unsigned int)dir);
}

/* The microkernel may have loaded a root that is no longer used. */
static void unload_unused(struct vbif *v)
{
    unsigned int core, n, offset;
    int dir;

    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
        for ( n = 0; n < SGX_BASES && !bif_in_reset(v->reset, core); n++ )
        {
            offset = sgx_base_offset(core, n);
            dir = mirror_of_root(v->mirror, _maddr(rd(v, offset)));
            if ( dir >= 0 && !is_used(v, dir) )
                wr(v, offset, (uint32_t)root_of(v, v->dir[core][n]).v);
        }
}

/*
 * Ends uses of directories. First no base register of the hardware may hold
 * them.
 */
static void unbind(struct vbif *v, const int *old, unsigned int n)
{
    unload_unused(v);
    if ( mirror_unbind(v->mirror, old, n) )
        request(v); /* a pass gives back what only they led to */
}

/* Bases */

static int base_index(unsigned int reg)
{
    if ( reg == SGX_BIF_DIR_LIST_BASE0 )
        return 0;
    if ( reg >= SGX_BIF_DIR_LIST_BASE1 && reg <= SGX_BIF_DIR_LIST_BASE7 )
        return (int)(reg - SGX_BIF_DIR_LIST_BASE1) / 4 + 1;

    return -1;
}

/* All of the banks get the directory, or none. */
static bool take_base(struct vbif *v, unsigned int bank, unsigned int n,
                      uint32_t dir)
{
    unsigned int first = first_bank(bank), b;

    for ( b = first; b <= last_bank(bank); b++ )
    {
        v->base[b][n] = dir;
        v->dir[b][n] = b == first || v->dir[first][n] >= 0 ? bind(v, dir) : -1;
    }
    wr(v, sgx_base_offset(bank, n), (uint32_t)root_of(v, v->dir[first][n]).v);

    return !dir || v->dir[first][n] >= 0;
}

/* Retries: the old directory may have freed the entry that the new one needs. */
static void write_base(struct vbif *v, unsigned int bank, unsigned int n,
                       uint32_t dir)
{
    int old[SGX_BANKS];
    unsigned int olds = 0, b;
    bool taken;

    for ( b = first_bank(bank); b <= last_bank(bank); b++ )
        old[olds++] = v->dir[b][n];
    taken = take_base(v, bank, n, dir);
    unbind(v, old, olds);
    if ( !taken && !take_base(v, bank, n, dir) )
        warn_full(v);
}

static uint32_t read_base(const struct vbif *v, unsigned int bank,
                          unsigned int n)
{
    unsigned int b = read_bank(bank);
    maddr_t root;
    int dir;

    if ( bif_in_reset(v->reset, b) )
        return v->base[b][n];

    root = _maddr(rd(v, sgx_base_offset(bank, n)));
    if ( root.v == root_of(v, v->dir[b][n]).v )
        return v->base[b][n];
    dir = mirror_of_root(v->mirror, root);

    return dir < 0 ? 0 : (uint32_t)mirror_ipa(v->mirror, (unsigned int)dir).v;
}

bool vbif_bases_are_known(struct vbif *v)
{
    unsigned int core, n;
    bool known = true;
    maddr_t root;

    if ( v->state != VBIF_LIVE )
        return true;

    for ( core = SGX_CORE0; core < SGX_BANKS; core++ )
        for ( n = 0; n < SGX_BASES && !bif_in_reset(v->reset, core); n++ )
        {
            root = _maddr(rd(v, sgx_base_offset(core, n)));
            known = known && (root.v == v->empty.v ||
                              mirror_of_root(v->mirror, root) >= 0);
        }
    if ( known )
        return true;

    bif_hw_hold(v->host);
    note_held(v);
    v->count.alarms++;
    warn(v, &v->warned_alarm,
         "the GPU has a base that is no directory of its guest's: it is in "
         "reset until its guest resets it");

    return false;
}

/* Reset */

/* old: SGX_BANKS * SGX_BASES entries. Returns how many are used. */
static unsigned int lose_bases(struct vbif *v, int *old)
{
    unsigned int bank, n, olds = 0;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
    {
        if ( !bif_in_reset(v->reset, bank) )
            continue;
        v->ctrl[bank] = 0;
        for ( n = 0; n < SGX_BASES; n++ )
        {
            old[olds++] = v->dir[bank][n];
            v->dir[bank][n] = -1;
            v->base[bank][n] = 0;
        }
    }

    return olds;
}

static void reset_hardware(struct vbif *v, unsigned int bank,
                           const uint32_t was[SGX_BANKS])
{
    maddr_t base[SGX_BANKS][SGX_BASES];
    unsigned int b, n;

    for ( b = SGX_MASTER; b < SGX_BANKS; b++ )
        for ( n = 0; n < SGX_BASES; n++ )
            base[b][n] = root_of(v, v->dir[b][n]);
    bif_hw_reset(v->host, bank, was, v->reset, base);

    for ( b = SGX_MASTER; b < SGX_BANKS; b++ )
        if ( bif_in_reset(was, b) && !bif_in_reset(v->reset, b) && v->ctrl[b] )
            wr(v, b * SGX_BANK_BYTES + SGX_BIF_CTRL,
               v->ctrl[b] & ~SGX_CTRL_BYPASS);
}

/*
 * The cache behind the BIFs is never used. It holds words of tables, which
 * quiescing does not reach, and data written to pages whose references are
 * given back. No public source says how to wait for its flush.
 */
static void bypass_slc(struct vbif *v, unsigned int bank)
{
    if ( bank <= SGX_MASTER )
        wr(v, SGX_MASTER * SGX_BANK_BYTES + SGX_SLC_CTRL_BYPASS,
           SGX_SLC_BYPASS_ALL);
}

/* A core's SOFT_RESET is lost when the master resets that core. */
static void set_reset(struct vbif *v, unsigned int bank, uint32_t value)
{
    unsigned int b;

    for ( b = first_bank(bank); b <= last_bank(bank); b++ )
        v->reset[b] = value;
    for ( b = SGX_CORE0; bank == SGX_MASTER && b < SGX_BANKS; b++ )
        if ( value & BIF_MASTER_CORE(b - SGX_CORE0) )
            v->reset[b] = 0;
}

static void write_reset(struct vbif *v, unsigned int bank, uint32_t value)
{
    int old[SGX_BANKS * SGX_BASES];
    uint32_t was[SGX_BANKS];
    unsigned int olds;

    if ( v->state == VBIF_HELD )
    {
        if ( bank > SGX_MASTER || ~value & BIF_RESET_BLOCKS )
            return;
        v->state = VBIF_LIVE;
    }

    memcpy(was, v->reset, sizeof(was));
    set_reset(v, bank, value);
    if ( value )
        drop_doorbells(v, bank);
    olds = lose_bases(v, old);
    /* Twice: a reset may lose the register, or keep it from being written. */
    bypass_slc(v, bank);
    reset_hardware(v, bank, was);
    bypass_slc(v, bank);
    unbind(v, old, olds);
}

/* The mediator's registers */

static void write_mediator(struct vbif *v, uint32_t value)
{
    uint32_t ipa = value & SGX_BASE_ADDR;
    int dir = mirror_find(v->mirror, _ipa(ipa));
    bool recorded = dir >= 0 && bit_is_set(v->recorded, (unsigned int)dir);

    v->mediator_dir = value;
    if ( recorded && (value & SGX_MEDIATOR_FORGET) )
    {
        clear_bit_in(v->recorded, (unsigned int)dir);
        unbind(v, &dir, 1);
    }
    else if ( ipa && !recorded && !(value & SGX_MEDIATOR_FORGET) )
    {
        dir = bind(v, ipa);
        if ( dir >= 0 )
            set_bit_in(v->recorded, (unsigned int)dir);
        else
            warn_full(v);
    }
}

static uint32_t read_root(const struct vbif *v)
{
    int dir = mirror_find(v->mirror, _ipa(v->mediator_dir & SGX_BASE_ADDR));

    if ( (v->mediator_dir & SGX_MEDIATOR_FORGET) || dir < 0 ||
         !bit_is_set(v->recorded, (unsigned int)dir) )
        return 0;

    return (uint32_t)root_of(v, dir).v;
}

/* Registers */

static bool is_bif(unsigned int reg)
{
    return reg >= SGX_BIF_FIRST && reg < SGX_BIF_END;
}

static bool is_doorbell(unsigned int reg)
{
    return reg == SGX_EVENT_KICK || reg == SGX_EVENT_KICK1 ||
           reg == SGX_EVENT_KICK2 || reg == SGX_EVENT_KICK3;
}

static bool is_event(unsigned int reg)
{
    return (reg >= SGX_EVENT_HOST_ENABLE2 && reg <= SGX_EVENT_STATUS2) ||
           (reg >= SGX_EVENT_STATUS && reg <= SGX_EVENT_HOST_CLEAR);
}

/* BIF registers that hold no machine address and turn no translation off. */
static bool is_harmless(unsigned int reg)
{
    return (reg >= SGX_BIF_TILE0 && reg <= SGX_BIF_TILE9) ||
           reg == SGX_BIF_BANK_SET || reg == SGX_BIF_TA_REQ_BASE ||
           reg == SGX_BIF_3D_REQ_BASE || reg == SGX_BIF_ZLS_REQ_BASE ||
           reg == SGX_BIF_MMU_CTRL;
}

/* A write to BROADCAST may reach the master's. */
static bool is_slc_bypass(unsigned int offset)
{
    return offset == SGX_SLC_CTRL_BYPASS ||
           offset == SGX_MASTER * SGX_BANK_BYTES + SGX_SLC_CTRL_BYPASS;
}

static bool is_readable(unsigned int reg)
{
    return is_harmless(reg) || reg == SGX_BIF_INT_STAT ||
           reg == SGX_BIF_FAULT || reg == SGX_BIF_BANK0 ||
           reg == SGX_BIF_BANK1 || reg == SGX_BIF_BANK_STATUS ||
           reg == SGX_BIF_MEM_REQ_STAT;
}

static void write_ctrl(struct vbif *v, unsigned int bank, uint32_t value)
{
    unsigned int b;

    for ( b = first_bank(bank); b <= last_bank(bank); b++ )
        v->ctrl[b] = value;
    wr(v, bank * SGX_BANK_BYTES + SGX_BIF_CTRL, value & ~SGX_CTRL_BYPASS);
}

static void write_bif(struct vbif *v, unsigned int offset, uint32_t value)
{
    unsigned int bank = offset / SGX_BANK_BYTES, reg = offset % SGX_BANK_BYTES;
    int n = base_index(reg);

    if ( n >= 0 )
        write_base(v, bank, (unsigned int)n, value & SGX_BASE_ADDR);
    else if ( reg == SGX_BIF_CTRL )
        write_ctrl(v, bank, value);
    else if ( reg == SGX_BIF_CTRL_INVAL )
        ring(v, offset, value);
    else if ( reg == SGX_BIF_BANK0 || reg == SGX_BIF_BANK1 )
        wr(v, offset, value & SGX_BANK_INDEXES);
    else if ( is_harmless(reg) )
        wr(v, offset, value);
}

static uint32_t read_bif(const struct vbif *v, unsigned int offset)
{
    unsigned int bank = offset / SGX_BANK_BYTES, reg = offset % SGX_BANK_BYTES;
    int n = base_index(reg);
    uint32_t value = 0;

    if ( n >= 0 )
        return read_base(v, bank, (unsigned int)n);
    if ( reg == SGX_BIF_CTRL )
        return v->ctrl[read_bank(bank)];
    if ( v->state == VBIF_LIVE && is_readable(reg) )
        value = rd(v, offset);
    if ( reg == SGX_BIF_MEM_REQ_STAT && is_invalidating(v) )
        value |= 1;

    return value;
}

static void write_register(struct vbif *v, unsigned int offset, uint32_t value)
{
    unsigned int bank = offset / SGX_BANK_BYTES, reg = offset % SGX_BANK_BYTES;

    if ( reg == SGX_SOFT_RESET )
        write_reset(v, bank, value);
    else if ( offset == SGX_MEDIATOR_DIR )
        write_mediator(v, value);
    else if ( offset == SGX_MEDIATOR_ROOT ||
              (v->state == VBIF_HELD && !is_event(reg)) )
        return;
    else if ( is_bif(reg) )
        write_bif(v, offset, value);
    else if ( is_doorbell(reg) )
        ring(v, offset, value);
    else if ( is_slc_bypass(offset) )
        wr(v, offset, value | SGX_SLC_BYPASS_ALL);
    else
        wr(v, offset, value);

    if ( reg == SGX_EVENT_HOST_CLEAR )
        vbif_bases_are_known(v);
}

/* Registers that the guest does not read from the hardware as they are. */
static bool is_virtual(unsigned int offset)
{
    unsigned int reg = offset % SGX_BANK_BYTES;

    return reg == SGX_SOFT_RESET || is_bif(reg) || offset == SGX_MEDIATOR_DIR ||
           offset == SGX_MEDIATOR_ROOT;
}

static uint32_t read_virtual(const struct vbif *v, unsigned int offset)
{
    if ( offset == SGX_MEDIATOR_DIR )
        return v->mediator_dir;
    if ( offset == SGX_MEDIATOR_ROOT )
        return read_root(v);
    if ( offset % SGX_BANK_BYTES == SGX_SOFT_RESET )
        return v->reset[read_bank(offset / SGX_BANK_BYTES)];

    return read_bif(v, offset);
}

/* Accesses */

static bool is_register(unsigned int offset, unsigned int bytes)
{
    return bytes == 4 && !(offset % 4) && offset < SGX_WINDOW &&
           offset % SGX_BANK_BYTES < SGX_PAGE_BYTES;
}

uint32_t vbif_peek(const struct vbif *v, unsigned int offset)
{
    return v->state != VBIF_RELEASED && is_register(offset, 4) &&
                   is_virtual(offset)
               ? read_virtual(v, offset)
               : 0;
}

uint32_t vbif_read(struct vbif *v, unsigned int offset, unsigned int bytes)
{
    uint32_t value = 0;

    lock(v);
    v->count.reads++;
    if ( v->state != VBIF_RELEASED && is_register(offset, bytes) )
    {
        if ( is_virtual(offset) )
            value = read_virtual(v, offset);
        else if ( v->state == VBIF_LIVE || is_event(offset % SGX_BANK_BYTES) )
            value = rd(v, offset);
    }
    unlock(v);

    return value;
}

void vbif_write(struct vbif *v, unsigned int offset, unsigned int bytes,
                uint32_t value)
{
    lock(v);
    v->count.writes++;
    if ( v->state != VBIF_RELEASED && is_register(offset, bytes) )
        write_register(v, offset, value);
    unlock(v);
}

/* The pass */

/* For directories the guest's access has logged it. */
static void note_full(struct vbif *v)
{
    uint64_t full = mirror_counters(v->mirror)->full;

    if ( full != v->full )
        warn(v, &v->warned_tables, "no memory for a table: it maps nothing");
    v->full = full;
}

/*
 * The first step of a pass compares nothing: doorbells that came before it are
 * older than all that the pass reads.
 *
 * The hardware may have cached a word that a p2m change removed as empty, with
 * the words beside it. The guest does not know and invalidates nothing.
 */
static void note_step(struct vbif *v, enum mirror_step step)
{
    note_full(v);
    if ( step == MIRROR_BEGUN )
    {
        v->due = v->waiting;
        v->restoring |= v->emptied;
        v->emptied = false;
    }
    if ( step == MIRROR_DONE )
    {
        if ( v->restoring )
            quiesce(v);
        v->restoring = false;
        v->ready = v->due > 0;
        forward(v);
    }
}

/*
 * Forwards doorbells, then makes a step. Returns false if that is enough for
 * now.
 */
static bool work_step(struct vbif *v, bool *more)
{
    const struct mirror_counters *count = mirror_counters(v->mirror);
    uint64_t changed, doorbells;
    enum mirror_step step;
    bool goes_on;

    lock(v);
    changed = count->changed;
    doorbells = v->count.doorbells;
    forward(v);
    *more = v->state != VBIF_RELEASED;
    goes_on = *more && doorbells == v->count.doorbells;
    unlock(v);
    if ( !goes_on )
        return false;

    step = mirror_step(v->mirror);

    lock(v);
    note_step(v, step);
    *more = v->ready || step != MIRROR_IDLE;
    goes_on = step != MIRROR_IDLE && doorbells == v->count.doorbells &&
              changed == count->changed;
    unlock(v);

    return goes_on;
}

bool vbif_work(struct vbif *v)
{
    unsigned int i;
    bool more = true;

    for ( i = 0; i < VBIF_STEPS; i++ )
        if ( !work_step(v, &more) )
            break;

    return more;
}

/* Life */

bool vbif_init(struct vbif *v, struct host *host,
               const struct mirror_memory *mem, maddr_t empty)
{
    const struct mirror_hw hw = { .quiesce = quiesce, .ctx = v };
    unsigned int bank, n;

    memset(v, 0, sizeof(*v));
    v->host = host;
    v->empty = empty;
    v->state = VBIF_LIVE;
    for ( bank = 0; bank < SGX_BANKS; bank++ )
    {
        v->reset[bank] = SGX_RESET_ALL;
        for ( n = 0; n < SGX_BASES; n++ )
            v->dir[bank][n] = -1;
    }
    v->mirror = mirror_init(mem, host, &hw);

    return bif_hw_quarantine(host, empty);
}

/*
 * Removed words may have to come back, such as those of a page that moved: so
 * due doorbells wait for a pass that begins after now.
 */
void vbif_ipa_changed(struct vbif *v, ipa_t ipa, uint64_t pages)
{
    const struct mirror_counters *count = mirror_counters(v->mirror);
    uint64_t gone;

    lock(v);
    if ( v->state != VBIF_RELEASED )
    {
        gone = count->removed + count->parks;
        if ( mirror_ipa_changed(v->mirror, ipa, pages) )
            v->host->ops->defer(v->host);
        if ( gone != count->removed + count->parks )
        {
            v->due = 0;
            v->ready = false;
            v->emptied = true;
        }
    }
    unlock(v);
}

void vbif_renew(struct vbif *v)
{
    lock(v);
    if ( v->state != VBIF_RELEASED )
        mirror_renew(v->mirror);
    if ( ++v->renewals % VBIF_WARN_AGAIN == 0 )
        v->warned_full = v->warned_tables = v->warned_lost = v->warned_alarm =
            v->warned_held = false;
    unlock(v);
}

/* Nothing more can be done; the log tells the toolstack's user. */
static void leave(struct vbif *v)
{
    if ( bif_hw_quarantine(v->host, v->empty) )
        return;

    bif_hw_hold(v->host);
    v->host->ops->log(v->host, "the GPU's registers do not answer as written: "
                               "it may not be in quarantine\n");
}

bool vbif_release(struct vbif *v, unsigned int budget)
{
    bool done;

    lock(v);
    if ( v->state != VBIF_RELEASED )
    {
        v->state = VBIF_RELEASED;
        v->waiting = v->due = 0;
        v->ready = false;
        leave(v);
    }
    done = mirror_release(v->mirror, budget);
    unlock(v);

    return done;
}

static const char *audit_directories(const struct vbif *v)
{
    unsigned int bank, n;
    int dir;

    for ( bank = SGX_MASTER; bank < SGX_BANKS; bank++ )
        for ( n = 0; n < SGX_BASES; n++ )
        {
            dir = v->dir[bank][n];
            if ( dir >= 0 &&
                 mirror_find(v->mirror, _ipa(v->base[bank][n])) != dir )
                return "a base has a directory that the guest did not write";
        }
    for ( dir = 0; dir < (int)MIRROR_MAX_DIRS; dir++ )
        if ( bit_is_set(v->recorded, (unsigned int)dir) &&
             mirror_find(v->mirror, mirror_ipa(v->mirror, (unsigned int)dir)) !=
                 dir )
            return "a directory of records is not bound";

    return NULL;
}

/* Does not check the hardware's bases: a microkernel may load any. */
static const char *audit_registers(const struct vbif *v)
{
    unsigned int bank;

    if ( v->state == VBIF_RELEASED )
        return NULL;
    if ( v->due > v->waiting || v->waiting > VBIF_DOORBELLS ||
         (v->ready && !v->due) )
        return "more doorbells are due than wait";
    for ( bank = SGX_CORE0; bank < SGX_BANKS; bank++ )
        if ( !bif_in_reset(v->reset, bank) &&
             (rd(v, bank * SGX_BANK_BYTES + SGX_BIF_CTRL) & SGX_CTRL_BYPASS) )
            return "a bypass bit is set";

    return audit_directories(v);
}

/* The mirror's, and one more. */
unsigned int vbif_audit_parts(const struct vbif *v)
{
    return mirror_audit_parts(v->mirror) + 1;
}

const char *vbif_audit_part(const struct vbif *v, unsigned int part)
{
    return part < mirror_audit_parts(v->mirror)
               ? mirror_audit_part(v->mirror, part)
               : audit_registers(v);
}

const char *vbif_audit(const struct vbif *v)
{
    const char *wrong = mirror_audit(v->mirror);

    return wrong ? wrong : audit_registers(v);
}

/*
 * Local variables:
 * mode: C
 * c-file-style: "BSD"
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
