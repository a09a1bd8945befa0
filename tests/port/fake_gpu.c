/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GPU as hardware, as far as the port needs it: words of registers, where a write to the
 * first bank reaches all; and a walker of what the heap holds.
 */
#include "fake.h"

void __iomem *fake_gpu_map(paddr_t start)
{
    return fake.gpu.base && start == fake.gpu.base ? fake.gpu.window : NULL;
}

static bool find(const volatile void *p, unsigned int *offset)
{
    const volatile uint8_t *byte = p;

    if ( byte < fake.gpu.window || byte >= fake.gpu.window + SGX_WINDOW )
        return false;
    *offset = byte - fake.gpu.window;
    if ( fake.gpu.untouchable )
        fail_msg("register %#x of the GPU was accessed, which is off", *offset);
    fake_hook(fake.on_register);
    fake_pass(fake.register_time);

    return true;
}

bool fake_gpu_read(const volatile void *p, uint32_t *value)
{
    unsigned int offset;

    if ( !find(p, &offset) )
        return false;
    if ( offset < SGX_BANK_BYTES )
        offset += SGX_CORE0 * SGX_BANK_BYTES;
    *value = fake.gpu.silent ? 0 : fake.gpu.reg[offset / 4];

    return true;
}

static void write_one(unsigned int offset, uint32_t value)
{
    fake.gpu.reg[offset / 4] = value;
    fake.gpu.kicks += offset == SGX_CORE0 * SGX_BANK_BYTES + SGX_EVENT_KICK;
}

bool fake_gpu_write(volatile void *p, uint32_t value)
{
    unsigned int offset, bank;

    if ( !find(p, &offset) )
        return false;
    if ( fake.gpu.silent )
        return true;
    for ( bank = 0; bank < SGX_BANKS; bank++ )
        if ( offset < SGX_BANK_BYTES || offset / SGX_BANK_BYTES == bank )
            write_one(bank * SGX_BANK_BYTES + offset % SGX_BANK_BYTES, value);

    return true;
}

/* A walker that does not snoop, in memory that the driver has of the heap. */
static uint32_t read_word(uint32_t pa)
{
    const struct fake_block *block = fake_block_at(pa);
    uint32_t value;

    assert_non_null(block);
    assert_non_null(block->by_walker);
    memcpy(&value, block->by_walker + (pa - mfn_to_maddr(_mfn(block->mfn))),
           sizeof(value));

    return value;
}

uint32_t fake_gpu_walk(unsigned int n, uint32_t da)
{
    uint32_t root = fake.gpu.reg[sgx_base_offset(SGX_CORE0, n) / 4];
    uint32_t word = read_word(root + (da >> 22) * 4);

    return word & 1 ? read_word((word & ~0xfffu) + (da >> 12 & 0x3ff) * 4) : 0;
}
