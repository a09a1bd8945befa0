/* SPDX-License-Identifier: GPL-2.0-only */
/* EDMA of a DRA7 DSP. */
#include <string.h>

#include "edma.h"
#include "part.h"

void edma_reset(struct edma *e)
{
    e->eer = e->eerh = e->qeer = 0;
    if ( e->config.stop )
        e->config.stop(e->config.ctx);
}

void edma_init(struct edma *e, const struct edma_config *config)
{
    memset(e, 0, sizeof(*e));
    e->config = *config;
}

void edma_enable(struct edma *e)
{
    e->eer = e->eerh = UINT32_MAX;
    e->qeer = EDMA_QEVENTS;
}

bool edma_may_begin(const struct edma *e)
{
    return e->eer || e->eerh || e->qeer;
}

bool edma_chains(const struct edma *e)
{
    unsigned int n;

    for ( n = 0; n < EDMA_SETS; n++ )
        if ( (e->set[n][EDMA_OPT] & EDMA_TCCHEN) &&
             (e->set[n][EDMA_A_B_CNT] || e->set[n][EDMA_CCNT]) )
            return true;

    return false;
}

/*
 * TPCC
 */

/* Its word of a parameter set, or 8 * EDMA_SETS. */
static unsigned int set_word(uint32_t offset)
{
    return offset >= EDMA_SET(0) && offset < EDMA_SET(EDMA_SETS)
               ? (offset - EDMA_SET(0)) / 4
               : 8 * EDMA_SETS;
}

static uint32_t busy(const struct edma *e)
{
    return e->config.busy(e->config.ctx);
}

static uint32_t read_cc(const struct edma *e, uint32_t offset)
{
    unsigned int word = set_word(offset);

    if ( word < 8 * EDMA_SETS )
        return e->set[word / 8][word % 8];

    switch ( offset )
    {
    case EDMA_CC_PID:
        return EDMA_CC_PID_VALUE;
    case EDMA_CCCFG:
        return EDMA_CCCFG_128;
    case EDMA_CCSTAT:
        return busy(e) ? EDMA_CC_EVTACTV | EDMA_CC_TRACTV | EDMA_CC_ACTV : 0;
    case EDMA_EER:
        return e->eer;
    case EDMA_EERH:
        return e->eerh;
    case EDMA_QEER:
        return e->qeer;
    default:
        return 0;
    }
}

uint32_t edma_cc_read(const struct edma *e, uint32_t offset, unsigned int size)
{
    return part_of(read_cc(e, offset & ~3u), offset, size);
}

static void write_cc(struct edma *e, uint32_t offset, uint32_t value)
{
    unsigned int word = set_word(offset);

    if ( word < 8 * EDMA_SETS )
        e->set[word / 8][word % 8] = value;

    switch ( offset )
    {
    case EDMA_EECR:
        e->eer &= ~value;
        break;
    case EDMA_EECRH:
        e->eerh &= ~value;
        break;
    case EDMA_EESR:
        e->eer |= value;
        break;
    case EDMA_EESRH:
        e->eerh |= value;
        break;
    case EDMA_QEECR:
        e->qeer &= ~value;
        break;
    case EDMA_QEESR:
        e->qeer |= value & EDMA_QEVENTS;
        break;
    }
}

void edma_cc_write(struct edma *e, uint32_t offset, unsigned int size,
                   uint32_t value)
{
    bool could = edma_may_begin(e);

    if ( size != 4 )
        return;

    write_cc(e, offset, value);
    if ( !could && edma_may_begin(e) && e->config.begin )
        e->config.begin(e->config.ctx);
}

/*
 * TPTC
 */

uint32_t edma_tc_read(const struct edma *e, unsigned int tc, uint32_t offset,
                      unsigned int size)
{
    uint32_t word = 0;

    if ( (offset & ~3u) == EDMA_TC_PID )
        word = EDMA_TC_PID_VALUE;
    else if ( (offset & ~3u) == EDMA_TCSTAT )
        word = EDMA_TC_ALWAYS |
               (busy(e) & 1u << tc
                    ? EDMA_TC_PROGBUSY | EDMA_TC_SRCACTV | EDMA_TC_DSTACTV
                    : 0);

    return part_of(word, offset, size);
}
