import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Answer } from '../kernel/reply.ts'

/** The page's parts lie beside the package's manifest, in the sources and in the installed package alike. */
const read = (name: string): Promise<string> => {
  const manifest = createRequire(import.meta.url).resolve('fake-openstack/package.json')
  return readFile(join(manifest, '..', 'page', name), 'utf8')
}

/** The modules of the page's script, each behind those that it imports. */
const scripts = ['parts.js', 'graph.js', 'faults.js', 'journal.js', 'status.js'] as const

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * The status page as one HTML file that needs nothing else. It runs only its own script and style and speaks only to
 * its own cloud, whatever resources are called.
 */
export const statusPage = async (): Promise<Answer> => {
  const [html, style, ...modules] = await Promise.all([read('status.html'), read('status.css'), ...scripts.map(read)])
  const texts = modules.map((text) => text.replaceAll(/^import .*\n/gm, '').replaceAll(/^export /gm, ''))
  const script = `'use strict'\n${texts.join('\n')}`
  const body = html.replace('/* style */', () => style).replace('/* script */', () => script)
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
  }
  return { status: 200, statusText: 'OK', headers, body }
}
