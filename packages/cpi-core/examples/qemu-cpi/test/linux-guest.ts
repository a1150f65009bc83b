import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const build = fileURLToPath(new URL('./build-guest', import.meta.url))
const tools = ['syslinux', 'mkfs.vfat', 'mcopy', 'sfdisk', 'cpio', 'depmod', 'busybox']
const searched = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/bin']
const isInstalled = (program: string): boolean => searched.some((folder) => existsSync(join(folder, program)))

export const hasQemu = isInstalled('qemu-system-x86_64')

/** The image of a guest that boots Linux, or why there is none on this machine. Built once and kept for later runs. */
export function linuxGuest(): { readonly path: string } | { readonly missing: string } {
  const missing = ['qemu-system-x86_64', ...tools].filter((program) => !isInstalled(program))
  if (missing.length > 0) return { missing: `not installed: ${missing.join(', ')}` }
  const folder = join(tmpdir(), `qemu-cpi-guest-${process.getuid?.() ?? 0}`)
  const path = join(folder, 'guest.img')
  if (!existsSync(path)) {
    const env = { ...process.env, PATH: searched.join(':') }
    const { status, stderr } = spawnSync(build, [folder], { encoding: 'utf8', env })
    if (status !== 0) return { missing: `the guest's image cannot be built: ${stderr.trim().split('\n').at(-1) ?? ''}` }
  }
  return { path }
}
