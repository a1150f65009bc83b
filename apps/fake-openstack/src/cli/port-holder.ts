import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'

/**
 * Who listens on a TCP port, as `name (pid N)`; undefined when the system does not tell (no Linux, or another user's
 * process).
 */
export const portHolder = async (port: number): Promise<string | undefined> => {
  const inode = await listeningSocket(port)
  if (inode === undefined) return undefined
  for (const pid of (await names('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of await names(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')
      if (target === `socket:[${inode}]`) return `${await commandOf(pid)} (pid ${pid})`
    }
  }
  return undefined
}

/** Inode of the socket that listens on the port, from the kernel's tables. */
const listeningSocket = async (port: number): Promise<string | undefined> => {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await text(table)).split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
      if (local?.endsWith(wanted) && state === '0A') return inode
    }
  }
  return undefined
}

/** Program and first argument: `node main.js` says more than the name of a thread. */
const commandOf = async (pid: string): Promise<string> => {
  const [program = '', argument = ''] = (await text(`/proc/${pid}/cmdline`)).split('\0')
  const words = [program, argument].filter((word) => word !== '' && !word.startsWith('-')).map((word) => basename(word))
  return words.join(' ') || 'a process'
}

/** Processes come and go while we look, and some may not be looked at: both mean "nothing there". */
const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
const text = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '')
