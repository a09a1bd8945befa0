# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest of docs/examples/gpu.cfg owns the GPU, ends while that draws, and is made again.

made_by_gpu_example()
{
    made gpu 'cpus="1"' "extra=\"$(cat /etc/xen/gpu.args)\""
    done_by gpu hold
}

xen_says H
same_free
made_by_gpu_example
look gpu-held gpu-held
done_by gpu endless
look gpu-draws gpu
destroy gpu
look gpu-gone gpu
same_free

made_by_gpu_example
look gpu-held gpu-next-owner
destroy gpu
look gpu-gone gpu
same_free
