/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's side of the rpmsg services that the IPU's firmware announces, and
 * what Linux has mapped for the IPU. Each test is a parameter of the module; the
 * script writes it, and the write returns when the test is over:
 *
 *   messages  so many go to the echo, of mixed sizes, and must come back as sent
 *   peek      the firmware is to read the word at this device address
 *   scan      the firmware is to read all device addresses there are
 *   mapped    (read) ranges of device addresses that Linux's own table maps
 */
#include <linux/completion.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/rpmsg.h>
#include <linux/sizes.h>

#include "omap_pt.h"
#include "omap_regs.h"

#define MESSAGE_MAX 496 /* a buffer of 512 bytes, less the header */
#define SECONDS     30

/*
 * Messages under way at once. Each is a message in the mailbox as well, of which
 * Linux's driver sends one for each interrupt and queues 20: a processor that
 * is quicker than interrupts are, as it is under an emulator, overruns it.
 */
#define IN_FLIGHT 1

enum {
    PEEK = 1,
    SCAN = 2,
};

struct probe_request {
    __le32 op;
    __le32 da;
};

struct probe_reply {
    __le32 op;
    __le32 da;
    __le32 value;
    __le32 ok;
};

static DEFINE_MUTEX(lock); /* of the two channels: one test at a time */
static struct rpmsg_device *echo, *probe;

static struct {
    u32 due; /* number of the message that is to come back next */
    u32 wrong;
    struct semaphore room;
} echoed;

static struct {
    struct probe_reply reply;
    struct completion done;
} probed;

/* Message i: its length, and what is in it. */
static u32 message_length(u32 i)
{
    return i * 2654435761u % MESSAGE_MAX + 1;
}

static u8 message_byte(u32 i, u32 at)
{
    return (i * 31 + at) * 2654435761u >> 24;
}

static bool is_message(const u8 *data, u32 len, u32 i)
{
    u32 at;

    if ( len != message_length(i) )
        return false;
    for ( at = 0; at < len && data[at] == message_byte(i, at); at++ )
        ;

    return at == len;
}

static void on_echo(const u8 *data, u32 len)
{
    if ( !is_message(data, len, echoed.due) )
        echoed.wrong++;
    echoed.due++;
    up(&echoed.room);
}

static void on_probe(const void *data, u32 len)
{
    if ( len != sizeof(probed.reply) )
        return;
    memcpy(&probed.reply, data, len);
    complete(&probed.done);
}

static int on_message(struct rpmsg_device *rpdev, void *data, int len,
                      void *priv, u32 src)
{
    if ( rpdev == echo )
        on_echo(data, len);
    else
        on_probe(data, len);

    return 0;
}

static int set_messages(const char *text, const struct kernel_param *param)
{
    static u8 message[MESSAGE_MAX];
    u32 n, i, at;
    int rc = kstrtou32(text, 0, &n);

    if ( rc )
        return rc;

    mutex_lock(&lock);
    rc = echo ? 0 : -ENODEV;
    echoed.due = echoed.wrong = 0;
    sema_init(&echoed.room, IN_FLIGHT);
    for ( i = 0; i < n && !rc; i++ )
    {
        rc = down_timeout(&echoed.room, SECONDS * HZ);
        for ( at = 0; at < message_length(i); at++ )
            message[at] = message_byte(i, at);
        rc = rc ?: rpmsg_send(echo->ept, message, message_length(i));
    }
    for ( i = 0; i < IN_FLIGHT && !rc; i++ )
        rc = down_timeout(&echoed.room, SECONDS * HZ);
    if ( echoed.wrong || echoed.due != n )
        pr_notice("messages: %u sent, %u back, %u wrong\n", n, echoed.due,
                  echoed.wrong);
    mutex_unlock(&lock);

    return rc ?: echoed.wrong ? -EIO : 0;
}

static int ask_probe(const struct probe_request *request)
{
    int rc = -ENODEV;

    mutex_lock(&lock);
    reinit_completion(&probed.done);
    if ( probe )
        rc = rpmsg_send(probe->ept, (void *)request, sizeof(*request));
    mutex_unlock(&lock);

    return rc;
}

static int set_peek(const char *text, const struct kernel_param *param)
{
    struct probe_request request = { .op = cpu_to_le32(PEEK) };
    u32 da;
    int rc = kstrtou32(text, 0, &da);

    request.da = cpu_to_le32(da);
    rc = rc ?: ask_probe(&request);
    if ( rc )
        return rc;
    if ( !wait_for_completion_timeout(&probed.done, 2 * HZ) )
        return -ETIMEDOUT;

    pr_notice("peek: da %08x holds %08x\n", da,
              le32_to_cpu(probed.reply.value));
    return 0;
}

/* The answer is in the trace buffer: by then Linux has given the IPU up. */
static int set_scan(const char *text, const struct kernel_param *param)
{
    struct probe_request request = { .op = cpu_to_le32(SCAN) };

    return ask_probe(&request);
}

/* The first level of the table that Linux gave the IPU's MMU. */
static const u32 *find_table(void)
{
    struct device_node *np =
        of_find_compatible_node(NULL, NULL, "ti,omap5-ipu");
    struct device_node *mmu = np ? of_parse_phandle(np, "iommus", 0) : NULL;
    void __iomem *regs = mmu ? of_iomap(mmu, 0) : NULL;
    const u32 *table = NULL;

    if ( regs )
    {
        table = phys_to_virt(readl(regs + MMU_TTB));
        iounmap(regs);
    }
    of_node_put(mmu);
    of_node_put(np);

    return table;
}

static bool is_mapped(const u32 *table, u32 page)
{
    u32 word = table[page / PT_PAGES];
    const u32 *second;

    if ( pt_slot_kind(word) != PT_TABLE )
        return pt_slot_kind(word) != PT_FAULT;
    second = phys_to_virt(pt_address(PT_TABLE, word));

    return pt_page_kind(second[page % PT_PAGES]) != PT_FAULT;
}

static int get_mapped(char *buffer, const struct kernel_param *param)
{
    const u32 *table = find_table();
    u32 page, first = 0, at = 0;
    bool was = false, is;

    if ( !table )
        return -ENODEV;

    for ( page = 0; page <= SZ_1M; page++, was = is )
    {
        is = page < SZ_1M && is_mapped(table, page);
        if ( is && !was )
            first = page;
        if ( was && !is )
            at += scnprintf(buffer + at, PAGE_SIZE - at, "%08x-%08x\n",
                            first * SZ_4K, page * SZ_4K - 1);
    }

    return at;
}

static const struct kernel_param_ops messages_ops = { .set = set_messages };
static const struct kernel_param_ops peek_ops = { .set = set_peek };
static const struct kernel_param_ops scan_ops = { .set = set_scan };
static const struct kernel_param_ops mapped_ops = { .get = get_mapped };
module_param_cb(messages, &messages_ops, NULL, 0200);
module_param_cb(peek, &peek_ops, NULL, 0200);
module_param_cb(scan, &scan_ops, NULL, 0200);
module_param_cb(mapped, &mapped_ops, NULL, 0400);

static struct rpmsg_device **channel_of(struct rpmsg_device *rpdev)
{
    return strcmp(rpdev->id.name, "xen-omap-echo") ? &probe : &echo;
}

static int on_announced(struct rpmsg_device *rpdev)
{
    mutex_lock(&lock);
    *channel_of(rpdev) = rpdev;
    mutex_unlock(&lock);

    return 0;
}

static void on_gone(struct rpmsg_device *rpdev)
{
    mutex_lock(&lock);
    *channel_of(rpdev) = NULL;
    mutex_unlock(&lock);
}

static const struct rpmsg_device_id services[] = {
    { .name = "xen-omap-echo" },
    { .name = "xen-omap-probe" },
    {},
};

static struct rpmsg_driver driver = {
    .drv.name = KBUILD_MODNAME,
    .id_table = services,
    .probe = on_announced,
    .remove = on_gone,
    .callback = on_message,
};

static int __init rpmsg_test_init(void)
{
    init_completion(&probed.done);
    return register_rpmsg_driver(&driver);
}

static void __exit rpmsg_test_exit(void)
{
    unregister_rpmsg_driver(&driver);
}

module_init(rpmsg_test_init);
module_exit(rpmsg_test_exit);
MODULE_LICENSE("GPL");
