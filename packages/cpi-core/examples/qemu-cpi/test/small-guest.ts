import { writeFileSync } from 'node:fs'

/**
 * All that the CPI needs from a guest: it releases the disks that QEMU asks for. The BIOS starts this first sector of the
 * disk within a moment, where a whole operating system takes seconds without KVM.
 */
const program = [
  // It begins at 0x7c00, in 16-bit mode, and does this at each tick of the BIOS, 18 times a second:
  [0xfb], //                    wait: sti
  [0xf4], //                          hlt
  [0xba, 0x10, 0xae], //              mov dx, 0xae10   QEMU's registers for unplugging: choose a bus
  [0x66, 0x31, 0xc0], //              xor eax, eax
  [0x66, 0xef], //                    out dx, eax      the first
  [0xba, 0x04, 0xae], //              mov dx, 0xae04   the slots to be released, a bit each
  [0x66, 0xed], //                    in eax, dx
  [0x66, 0x85, 0xc0], //              test eax, eax
  [0x74, 0xec], //                    jz wait
  [0xba, 0x08, 0xae], //              mov dx, 0xae08   release the lowest of them
  [0x66, 0xef], //                    out dx, eax
  [0xeb, 0xe5], //                    jmp wait
].flat()

const bootableMark = [0x55, 0xaa] // at the end of the first sector

/** Writes a disk of 1 MiB with this guest. */
export function writeSmallGuest(path: string): void {
  const disk = Buffer.alloc(2 ** 20)
  disk.set(program)
  disk.set(bootableMark, 510)
  writeFileSync(path, disk)
}
