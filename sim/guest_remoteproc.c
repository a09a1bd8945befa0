/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layouts are written down by themselves here, not taken from firmware/: both
 * must agree with Linux, and so with each other.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest_remoteproc.h"

#define SZ_4K  0x1000u
#define SZ_1M  0x100000u
#define SZ_16M 0x1000000u

#define ANY 0xffffffffu

/* Entries of a resource table, as offsets of their words. */
enum {
    TABLE_VERSION = 0,
    TABLE_ENTRIES = 4,
    TABLE_OFFSETS = 16,

    CARVEOUT = 0, /* types */
    DEVMEM = 1,
    TRACE = 2,
    VDEV = 3,

    MEMORY_DA = 4, /* of carveouts and devmem */
    MEMORY_PA = 8,
    MEMORY_BYTES = 12,

    TRACE_DA = 4,
    TRACE_BYTES = 8,

    VDEV_STATUS = 24,
    VDEV_VRING = 28,
    VRING_DA = 0, /* of each, from there on */
    VRING_ALIGN = 4,
    VRING_NUM = 8,
    VRING_NOTIFY = 12,
    VRING_SIZE = 20,
};

/* virtio's ring of 256 buffers, aligned to 4 KiB. */
#define BUFFERS       256u
#define BUFFER_BYTES  512u
#define AVAILABLE     (BUFFERS * 16)
#define USED          (2 * SZ_4K)
#define VRING_BYTES   (3 * SZ_4K)
#define FLAG_WRITE    2
#define NO_INTERRUPT  1
#define DRIVER_OK     4
#define NAME_SERVICE  53
#define HEADER_BYTES  16
#define BUFFERS_AT    0x40000u /* in the pool */
#define CARVEOUTS_AT  0x100000u
#define RX            0
#define TX            1
#define FIFO_TO_M4    0
#define FIFO_FROM_M4  1
#define LINUX_ADDRESS 1024u
#define ECHO_REQUEST  0xffffff03u

/* Memory */

static uint8_t *byte_at(const struct remoteproc *r, uint32_t ipa)
{
    uint32_t *word = memory_ipa_word(&r->m->mem, ipa & ~3u);

    return word ? (uint8_t *)word + ipa % 4 : NULL;
}

void remoteproc_read(const struct remoteproc *r, uint32_t ipa, void *to,
                     size_t bytes)
{
    uint8_t *p = to;

    for ( ; bytes; bytes--, ipa++, p++ )
    {
        const uint8_t *byte = byte_at(r, ipa);

        *p = byte ? *byte : 0;
    }
}

void remoteproc_write(const struct remoteproc *r, uint32_t ipa,
                      const void *from, size_t bytes)
{
    const uint8_t *p = from;

    for ( ; bytes; bytes--, ipa++, p++ )
    {
        uint8_t *byte = byte_at(r, ipa);

        if ( byte )
            *byte = *p;
    }
}

static uint32_t get32(const struct remoteproc *r, uint32_t ipa)
{
    uint32_t value;

    remoteproc_read(r, ipa, &value, 4);

    return value;
}

static uint16_t get16(const struct remoteproc *r, uint32_t ipa)
{
    uint16_t value;

    remoteproc_read(r, ipa, &value, 2);

    return value;
}

static void put32(const struct remoteproc *r, uint32_t ipa, uint32_t value)
{
    remoteproc_write(r, ipa, &value, 4);
}

static void put16(const struct remoteproc *r, uint32_t ipa, uint16_t value)
{
    remoteproc_write(r, ipa, &value, 2);
}

static void zero(const struct remoteproc *r, uint32_t ipa, uint32_t bytes)
{
    for ( ; bytes; bytes -= 4, ipa += 4 )
        put32(r, ipa, 0);
}

/* iommu_map(): the largest pages that fit. */
static void map(struct remoteproc *r, uint32_t da, uint32_t ipa, uint32_t bytes)
{
    static const uint32_t sizes[] = { SZ_16M, SZ_1M, 0x10000, SZ_4K };
    unsigned int i;

    while ( bytes )
    {
        for ( i = 0;
              sizes[i] > r->page || sizes[i] > bytes || (da | ipa) % sizes[i];
              i++ )
            ;
        linux_map(&r->iommu, da, ipa, sizes[i]);
        da += sizes[i];
        ipa += sizes[i];
        bytes -= sizes[i];
    }
}

static uint32_t find_carveout(const struct remoteproc *r, uint32_t da,
                              uint32_t bytes)
{
    unsigned int i;

    for ( i = 0; i < r->carveouts; i++ )
        if ( da >= r->carveout[i].da &&
             (uint64_t)da - r->carveout[i].da + bytes <= r->carveout[i].bytes )
            return r->carveout[i].ipa + (da - r->carveout[i].da);

    return 0;
}

/* The image */

static const Elf32_Ehdr *elf(const struct remoteproc *r)
{
    return (const Elf32_Ehdr *)r->image;
}

static const Elf32_Shdr *sections(const struct remoteproc *r)
{
    return (const Elf32_Shdr *)(r->image + elf(r)->e_shoff);
}

uint32_t remoteproc_entry(const struct remoteproc *r)
{
    return elf(r)->e_entry;
}

static const char *read_file(struct remoteproc *r, const char *file)
{
    FILE *f = fopen(file, "rb");

    free(r->image);
    r->image = malloc(SZ_1M);
    if ( !f || !r->image )
        abort();
    r->image_bytes = fread(r->image, 1, SZ_1M, f);
    fclose(f);

    if ( r->image_bytes < sizeof(Elf32_Ehdr) ||
         r->image_bytes < elf(r)->e_shoff + sizeof(Elf32_Shdr) )
        return "Image is too small";
    if ( memcmp(elf(r)->e_ident, ELFMAG, SELFMAG) )
        return "Image is corrupted (bad magic)";

    return elf(r)->e_phnum ? NULL : "No loadable segments";
}

static const Elf32_Shdr *find_table(const struct remoteproc *r)
{
    const Elf32_Shdr *section = sections(r);
    const char *names =
        (const char *)r->image + section[elf(r)->e_shstrndx].sh_offset;
    unsigned int i;

    for ( i = 0; i < elf(r)->e_shnum; i++ )
        if ( !strcmp(names + section[i].sh_name, ".resource_table") )
            return &section[i];

    return NULL;
}

static uint32_t word_of(const uint8_t *table, uint32_t offset)
{
    uint32_t value;

    memcpy(&value, table + offset, 4);

    return value;
}

static const char *allocate(struct remoteproc *r, uint8_t *entry)
{
    uint32_t bytes = word_of(entry, MEMORY_BYTES);
    unsigned int i = r->carveouts++;

    if ( bytes > REMOTEPROC_POOL + REMOTEPROC_POOL_BYTES - r->pool_next )
        return "Failed to allocate associated carveouts: -12";

    r->carveout[i].da = word_of(entry, MEMORY_DA);
    r->carveout[i].ipa = r->pool_next;
    r->carveout[i].bytes = bytes;
    r->pool_next += bytes;
    memcpy(entry + MEMORY_PA, &r->carveout[i].ipa, 4);
    map(r, r->carveout[i].da, r->carveout[i].ipa, bytes);

    return NULL;
}

static void take_vdev(struct remoteproc *r, uint8_t *entry)
{
    uint32_t i;

    for ( i = 0; i < 2; i++ )
    {
        uint8_t *vring = entry + VDEV_VRING + i * VRING_SIZE;

        if ( word_of(vring, VRING_DA) != ANY ||
             word_of(vring, VRING_ALIGN) != SZ_4K ||
             word_of(vring, VRING_NUM) != BUFFERS )
            machine_wrong(r->m, "a vring that this guest does not know");
        memcpy(vring + VRING_NOTIFY, &i, 4);
        r->vring[i].ipa = REMOTEPROC_POOL + i * 4 * SZ_4K;
    }
}

/* table is a copy: what was chosen is noted in it. */
static const char *take_resources(struct remoteproc *r, uint8_t *table)
{
    uint32_t i, entries = word_of(table, TABLE_ENTRIES);
    const char *wrong = NULL;

    for ( i = 0; i < entries && !wrong; i++ )
    {
        uint32_t offset = word_of(table, TABLE_OFFSETS + i * 4);
        uint8_t *entry = table + offset;

        switch ( word_of(entry, 0) )
        {
        case CARVEOUT:
            wrong = allocate(r, entry);
            break;
        case DEVMEM:
            map(r, word_of(entry, MEMORY_DA), word_of(entry, MEMORY_PA),
                word_of(entry, MEMORY_BYTES));
            break;
        case TRACE:
            r->trace = offset;
            break;
        case VDEV:
            r->vdev = offset;
            take_vdev(r, entry);
            break;
        }
    }

    return wrong;
}

/* Linux zeroes this; a firmware that relies on it is not a good example. */
static void spoil(const struct remoteproc *r, uint32_t ipa, uint32_t bytes)
{
    uint8_t junk = 0xa5;

    for ( ; bytes; bytes--, ipa++ )
        remoteproc_write(r, ipa, &junk, 1);
}

static const char *load_segments(const struct remoteproc *r)
{
    const Elf32_Phdr *segment =
        (const Elf32_Phdr *)(r->image + elf(r)->e_phoff);
    unsigned int i;

    for ( i = 0; i < elf(r)->e_phnum; i++, segment++ )
    {
        uint32_t ipa = find_carveout(r, segment->p_paddr, segment->p_memsz);

        if ( segment->p_type != PT_LOAD || !segment->p_memsz )
            continue;
        if ( segment->p_offset + segment->p_filesz > r->image_bytes )
            return "truncated fw";
        if ( !ipa )
            return "bad phdr da";
        remoteproc_write(r, ipa, r->image + segment->p_offset,
                         segment->p_filesz);
        spoil(r, ipa + segment->p_filesz, segment->p_memsz - segment->p_filesz);
    }

    return NULL;
}

static const char *load(struct remoteproc *r)
{
    const Elf32_Shdr *section = find_table(r);
    const char *wrong;
    uint8_t *table;

    if ( !section )
        return "Boot failed: -22";

    table = r->image + section->sh_offset;
    wrong = take_resources(r, table);
    wrong = wrong ? wrong : load_segments(r);
    if ( wrong )
        return wrong;

    r->table = find_carveout(r, section->sh_addr, section->sh_size);
    if ( !r->table )
        return "the resource table is in no carveout";
    remoteproc_write(r, r->table, table, section->sh_size);

    return NULL;
}

const char *remoteproc_load(struct remoteproc *r, const char *file)
{
    const char *wrong = read_file(r, file);

    if ( wrong )
        return wrong;

    r->carveouts = r->services = r->received = r->said = 0;
    r->table = r->vdev = r->trace = 0;
    r->pool_next = REMOTEPROC_POOL + CARVEOUTS_AT;
    memset(r->vring, 0, sizeof(r->vring));

    linux_attach(&r->iommu);
    wrong = load(r);
    if ( wrong )
        linux_detach(&r->iommu);

    return wrong;
}

/* Vrings */

static void offer(struct remoteproc *r, unsigned int n, uint16_t id,
                  uint32_t bytes, uint16_t flags)
{
    struct remoteproc_vring *vring = &r->vring[n];
    uint32_t descriptor = vring->ipa + id * 16;

    put32(r, descriptor,
          REMOTEPROC_POOL + BUFFERS_AT + (n * BUFFERS + id) * BUFFER_BYTES);
    put32(r, descriptor + 4, 0);
    put32(r, descriptor + 8, bytes);
    put16(r, descriptor + 12, flags);
    put16(r, vring->ipa + AVAILABLE + 4 + vring->added % BUFFERS * 2, id);
    put16(r, vring->ipa + AVAILABLE + 2, ++vring->added);
}

static uint32_t buffer(unsigned int n, uint16_t id)
{
    return REMOTEPROC_POOL + BUFFERS_AT + (n * BUFFERS + id) * BUFFER_BYTES;
}

void remoteproc_kick(struct remoteproc *r, uint32_t message)
{
    mailbox_reg_write(&r->core->mailbox, MAILBOX_MESSAGE(FIFO_TO_M4), 4,
                      message);
}

/* rpmsg_probe() */
void remoteproc_online(struct remoteproc *r)
{
    unsigned int i;

    for ( i = 0; i < 2; i++ )
    {
        zero(r, r->vring[i].ipa, VRING_BYTES);
        put32(r, r->table + r->vdev + VDEV_VRING + i * VRING_SIZE + VRING_DA,
              r->vring[i].ipa);
    }
    for ( i = 0; i < BUFFERS; i++ )
        offer(r, RX, i, BUFFER_BYTES, FLAG_WRITE);
    put16(r, r->vring[TX].ipa + AVAILABLE, NO_INTERRUPT);
    put32(r, r->table + r->vdev + VDEV_STATUS,
          get32(r, r->table + r->vdev + VDEV_STATUS) | DRIVER_OK);
    remoteproc_kick(r, RX);
}

void remoteproc_start(struct remoteproc *r)
{
    remoteproc_kick(r, ECHO_REQUEST);
    core_reset(r->core, false);
}

const char *remoteproc_boot(struct remoteproc *r, const char *file)
{
    const char *wrong = remoteproc_load(r, file);

    if ( !wrong )
    {
        remoteproc_start(r);
        remoteproc_online(r);
    }

    return wrong;
}

void remoteproc_stop(struct remoteproc *r)
{
    core_reset(r->core, true);
    linux_detach(&r->iommu);
}

static void receive(struct remoteproc *r, uint32_t ipa, uint32_t bytes)
{
    uint8_t raw[BUFFER_BYTES] = { 0 };
    uint32_t header[HEADER_BYTES / 4];
    struct remoteproc_message *message;

    if ( bytes < HEADER_BYTES || bytes > BUFFER_BYTES )
    {
        machine_wrong(r->m, "a message of %u bytes", bytes);
        return;
    }
    remoteproc_read(r, ipa, raw, bytes);
    memcpy(header, raw, HEADER_BYTES);
    bytes -= HEADER_BYTES;
    if ( (header[3] & 0xffff) != bytes )
        machine_wrong(r->m, "a message of %u bytes in %u", header[3], bytes);

    if ( header[1] == NAME_SERVICE && r->services < REMOTEPROC_SERVICES )
    {
        memcpy(r->service[r->services].name, raw + HEADER_BYTES, 32);
        r->service[r->services++].address = word_of(raw, HEADER_BYTES + 32);
    }
    else if ( r->received++ < REMOTEPROC_MESSAGES )
    {
        message = &r->inbox[r->received - 1];
        message->source = header[0];
        message->destination = header[1];
        message->bytes = bytes;
        memcpy(message->data, raw + HEADER_BYTES, bytes);
    }
}

/*
 * Takes buffers used since the last look; a received buffer is offered again.
 */
static void drain(struct remoteproc *r, unsigned int n)
{
    struct remoteproc_vring *vring = &r->vring[n];
    bool any = false;

    while ( vring->seen != get16(r, vring->ipa + USED + 2) )
    {
        uint32_t used = vring->ipa + USED + 4 + vring->seen % BUFFERS * 8;
        uint32_t id = get32(r, used);

        vring->seen++;
        if ( id >= BUFFERS )
            machine_wrong(r->m, "vring %u: buffer %u was used", n, id);
        else if ( n == RX )
        {
            receive(r, buffer(RX, id), get32(r, used + 4));
            offer(r, RX, id, BUFFER_BYTES, FLAG_WRITE);
            any = true;
        }
    }
    if ( any )
        remoteproc_kick(r, RX);
}

bool remoteproc_send(struct remoteproc *r, uint32_t destination,
                     const void *data, unsigned int bytes)
{
    const struct remoteproc_vring *vring = &r->vring[TX];
    uint16_t id = vring->added % BUFFERS;
    const uint32_t header[HEADER_BYTES / 4] = { LINUX_ADDRESS, destination, 0,
                                                bytes };

    drain(r, TX);
    if ( (uint16_t)(vring->added - vring->seen) == BUFFERS )
        return false;

    remoteproc_write(r, buffer(TX, id), header, HEADER_BYTES);
    remoteproc_write(r, buffer(TX, id) + HEADER_BYTES, data, bytes);
    offer(r, TX, id, HEADER_BYTES + bytes, 0);
    remoteproc_kick(r, TX);

    return true;
}

uint32_t remoteproc_service(const struct remoteproc *r, const char *name)
{
    unsigned int i;

    for ( i = 0; i < r->services; i++ )
        if ( !strcmp(r->service[i].name, name) )
            return r->service[i].address;

    return 0;
}

/* Interrupts */

/* omap_rproc_mbox_callback() */
bool remoteproc_look(struct remoteproc *r)
{
    struct mailbox *mailbox = &r->core->mailbox;
    bool any = false;

    while ( mailbox_reg_read(mailbox, MAILBOX_MSGSTATUS(FIFO_FROM_M4), 4) )
    {
        uint32_t message =
            mailbox_reg_read(mailbox, MAILBOX_MESSAGE(FIFO_FROM_M4), 4);

        any = true;
        if ( message < 2 )
            drain(r, message);
        else if ( r->said < REMOTEPROC_MESSAGES )
            r->mailbox_said[r->said++] = message;
    }

    return any;
}

/* The handler of omap-iommu calls rproc_iommu_fault(), which mends nothing. */
static bool note_fault(struct linux_iommu *l, uint32_t da)
{
    struct remoteproc *r = (struct remoteproc *)l;

    r->faults++;
    r->fault_da = da;

    return false;
}

enum m4_state remoteproc_settle(struct remoteproc *r)
{
    enum m4_state state;
    bool any;

    do
    {
        state = core_run(r->core, 1ull << 40);
        any = remoteproc_look(r);
        if ( r->m->irq )
        {
            linux_fault(&r->iommu, note_fault);
            any = true;
        }
    }
    while ( any );

    return state;
}

char *remoteproc_trace(const struct remoteproc *r)
{
    uint32_t bytes = get32(r, r->table + r->trace + TRACE_BYTES);
    uint32_t ipa =
        find_carveout(r, get32(r, r->table + r->trace + TRACE_DA), bytes);
    char *text;

    if ( !ipa )
        abort();
    text = calloc(1, bytes + 1);
    if ( !text )
        abort();
    remoteproc_read(r, ipa, text, bytes);

    return text;
}

/* Life */

void remoteproc_init(struct remoteproc *r, struct core *core,
                     unsigned int grain, uint32_t page, bool bus_err_back)
{
    struct machine *m = core->m;

    memset(r, 0, sizeof(*r));
    r->m = m;
    r->core = core;
    r->page = page;
    machine_populate(m, REMOTEPROC_POOL, REMOTEPROC_POOL_BYTES / SZ_4K, grain);
    machine_populate(m, REMOTEPROC_TABLES, 128, 1);
    machine_map(m, REMOTEPROC_L4_CFG + 0xf4000, CORE_MAILBOX, 1, P2M_MMIO);
    linux_init(&r->iommu, m, REMOTEPROC_TABLES, bus_err_back);
}

void remoteproc_fini(struct remoteproc *r)
{
    free(r->image);
}
