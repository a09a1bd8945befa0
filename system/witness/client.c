/* SPDX-License-Identifier: GPL-2.0-only */
/* A client: a context of its own, memory in several heaps, and one drawing. */
#include "sgx_abi.h"

#include "witness.h"

#define COPIED  64u
#define WAIT_MS 10
#define WAITS   6000
#define JOBS    3
#define MAIN    (9 * 1024 * 1024 + PAGE) /* more than two tables have room for */
#define TARGETS (2 * PAGE)

/* Memory that the runner is to find, page by page. */
static const struct part {
    unsigned int heap;
    uint32_t bytes, attributes;
} parts[] = {
    { SGX_GENERAL_HEAP_ID, MAIN, PVRSRV_MEM_WRITE | PVRSRV_MEM_NO_SYNCOBJ },
    /* readable only, to the GPU */
    { SGX_GENERAL_HEAP_ID, 3 * PAGE, PVRSRV_MEM_NO_SYNCOBJ },
    /* with a sync object, in the heap that all contexts share */
    { SGX_TADATA_HEAP_ID, 33 * PAGE, PVRSRV_MEM_WRITE },
    { SGX_PIXELSHADER_HEAP_ID, 5 * PAGE, KERNEL_MEMORY },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

struct client {
    struct services s;
    unsigned int number;
    PVRSRV_BRIDGE_OUT_CREATE_DEVMEMCONTEXT context;
    struct memory part[PARTS];
    struct memory target; /* of the drawing: a copy; a word: it has ended */
    struct memory command;
    uint32_t record[UK_RECORD_JOB(JOBS) / 4];
    uint32_t record_da;
};

static uint32_t word_of(const struct client *c, uint32_t da)
{
    return da | 0xc00 | c->number;
}

static void make_context(struct client *c)
{
    PVRSRV_BRIDGE_IN_CREATE_DEVMEMCONTEXT in = { .hDevCookie = c->s.device };

    CALL(&c->s, PVRSRV_BRIDGE_CREATE_DEVMEMCONTEXT, &in, &c->context);
}

static struct memory allocate_in(struct client *c, unsigned int heap,
                                 uint32_t bytes, uint32_t attributes)
{
    return allocate(&c->s, find_heap(&c->s, c->context.sHeapInfo, heap), bytes,
                    attributes);
}

static void fill(const struct client *c, struct memory *m)
{
    uint32_t i;

    for ( i = 0; i < m->bytes / 4; i++ )
        m->word[i] = word_of(c, m->da + (i * 4 & ~(PAGE - 1)));
}

static void make_memory(struct client *c)
{
    unsigned int i;

    for ( i = 0; i < PARTS; i++ )
    {
        c->part[i] =
            allocate_in(c, parts[i].heap, parts[i].bytes, parts[i].attributes);
        map_for_cpu(&c->s, &c->part[i]);
        fill(c, &c->part[i]);
        say("witness: client %d pages %x %x", c->number, c->part[i].da,
            c->part[i].bytes);
    }
    c->target = allocate_in(c, SGX_GENERAL_HEAP_ID, TARGETS,
                            PVRSRV_MEM_WRITE | PVRSRV_MEM_NO_SYNCOBJ);
    map_for_cpu(&c->s, &c->target);
    /* The driver writes it, too: a heap that it maps for itself. */
    c->command = allocate_in(c, SGX_TADATA_HEAP_ID, PAGE, KERNEL_MEMORY);
}

static void add_job(struct client *c, uint32_t op, uint32_t core, uint32_t dst,
                    uint32_t src, uint32_t bytes, uint32_t value)
{
    uint32_t *job =
        &c->record[UK_RECORD_JOB(c->record[UK_RECORD_JOBS / 4]) / 4];

    job[UK_JOB_OP / 4] = op;
    job[UK_JOB_BY / 4] = UK_BY_3D;
    job[UK_JOB_CORE / 4] = core;
    job[UK_JOB_DST / 4] = dst;
    job[UK_JOB_SRC / 4] = src;
    job[UK_JOB_LEN / 4] = bytes;
    job[UK_JOB_VALUE / 4] = value;
    c->record[UK_RECORD_JOBS / 4]++;
}

static uint32_t last_page(const struct client *c)
{
    return c->part[0].da + c->part[0].bytes - PAGE;
}

static void write_record(struct client *c)
{
    uint32_t last = last_page(c);

    add_job(c, UK_FILL, 1, last, 0, PAGE, word_of(c, last));
    add_job(c, UK_COPY, 0, c->target.da, c->part[1].da, COPIED, 0);
    add_job(c, UK_FILL, 0, c->target.da + PAGE, 0, 4, 1);
}

/*
 * The driver copies the record into memory of its own, and puts the directory's
 * address at its beginning.
 */
static void register_record(struct client *c)
{
    PVRSRV_BRIDGE_IN_SGX_REGISTER_HW_2D_CONTEXT in = {
        .hDevCookie = c->s.device,
        .hHW2DContextCpuVAddr = handle_of(c->record),
        .ui32HW2DContextSize = sizeof(c->record),
        .ui32OffsetToPDDevPAddr = UK_RECORD_ROOT,
        .hDevMemContext = c->context.hDevMemContext,
    };
    PVRSRV_BRIDGE_OUT_SGX_REGISTER_HW_2D_CONTEXT out;

    CALL(&c->s, PVRSRV_BRIDGE_SGX_REGISTER_HW_2D_CONTEXT, &in, &out);
    c->record_da = out.sHW2DContextDevVAddr.uiAddr;
    say("witness: client %d record %x", c->number, c->record_da);
}

/* While the driver recovers the GPU it wants to be asked again. */
static void submit(struct client *c)
{
    static PVRSRV_BRIDGE_IN_SUBMIT2D in;
    PVRSRV_BRIDGE_RETURN out;
    unsigned int i;

    for ( i = 0; i < WAITS; i++ )
    {
        memset(&in, 0, sizeof(in));
        in.hDevCookie = c->s.device;
        in.sKick.hCCBMemInfo = c->command.info;
        in.sKick.sHW2DContextDevVAddr.uiAddr = c->record_da;
        in.sKick.hDevMemContext = c->context.hDevMemContext;
        if ( services_try(&c->s, PVRSRV_BRIDGE_SGX_SUBMIT2D, &in, sizeof(in),
                          &out, sizeof(out)) != PVRSRV_ERROR_RETRY )
            break;
        sys_sleep_ms(WAIT_MS);
    }
    if ( out.eError )
        fail(c->s.test, "the driver does not take the drawing, error",
             out.eError);
}

static void await_end(struct client *c)
{
    unsigned int i;

    for ( i = 0; !c->target.word[PAGE / 4]; i++ )
    {
        if ( i == WAITS )
            fail(c->s.test, "the drawing does not end, of client", c->number);
        sys_sleep_ms(WAIT_MS);
    }
}

static void check_drawn(struct client *c)
{
    volatile uint32_t *last =
        c->part[0].word + (last_page(c) - c->part[0].da) / 4;
    uint32_t i;

    for ( i = 0; i < COPIED / 4; i++ )
        if ( c->target.word[i] != word_of(c, c->part[1].da) )
            fail(c->s.test, "the copy has word", c->target.word[i]);
    if ( c->target.word[COPIED / 4] )
        fail(c->s.test, "more was copied, word", c->target.word[COPIED / 4]);
    for ( i = 0; i < PAGE / 4; i++ )
        if ( last[i] != word_of(c, last_page(c)) )
            fail(c->s.test, "the filled page has word", last[i]);
}

/*
 * The last page of the main part is filled anew with its word, which the CPU has
 * taken away; some of what is readable only is copied; a word says that all has
 * ended.
 */
static void draw(struct client *c)
{
    volatile uint32_t *last =
        c->part[0].word + (last_page(c) - c->part[0].da) / 4;

    memset((void *)last, 0, PAGE);
    memset((void *)c->target.word, 0, TARGETS);
    submit(c);
    await_end(c);
    check_drawn(c);
}

static struct client this;

void client(unsigned int number)
{
    this.number = number;
    services_open(&this.s, "both-clients-draw");
    services_device(&this.s);
    make_context(&this);
    make_memory(&this);
    write_record(&this);
    register_record(&this);
    draw(&this);
}

void client_again(void)
{
    this.s.test = "draws-after-recovery";
    draw(&this);
}
