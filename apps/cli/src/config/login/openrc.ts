import { type Converted, loginKeys, type OpenStackLogin } from './openstack-login.ts'

const variable = (key: string): string => `OS_${key.toUpperCase()}`

/**
 * Reads the assignments of an openrc. The script is never run: what only a shell could tell (a password that is asked
 * for, the output of a command) is named in the notes and left out.
 */
export function readOpenrc(text: string): Converted<OpenStackLogin> {
  const known = new Map<string, string>()
  const unreadable = new Set<string>()
  for (const line of text.split(/\r?\n/)) {
    const unset = /^\s*unset\s+(\w+)/.exec(line)?.[1]
    // Horizon's openrc unsets what an earlier one may have set, between conditions that only a shell can evaluate.
    if (unset !== undefined && known.get(unset) === '') known.delete(unset)
    const [, name, written] = /^\s*(?:export\s+)?(OS_\w+)=(.*)$/.exec(line) ?? []
    if (name === undefined || written === undefined) continue
    const value = unquoted(written, known)
    if (value === undefined) unreadable.add(name)
    else {
      known.set(name, value)
      unreadable.delete(name)
    }
  }
  const login = loginKeys.flatMap((key) => {
    const value = known.get(variable(key))
    return value === undefined || value === '' ? [] : [[key, value] as const]
  })
  const wanted = [...unreadable].filter((name) => loginKeys.some((key) => variable(key) === name))
  const notes = wanted.map((name) => `${name} is made by the shell when the openrc is sourced: fill it in`)
  return { value: Object.fromEntries(login), notes }
}

/** One word of a shell, unquoted. Undefined when it holds what only a shell can tell. */
function unquoted(written: string, known: ReadonlyMap<string, string>): string | undefined {
  let value = ''
  let rest = written
  for (;;) {
    if (rest === '' || /^[\s;#]/.test(rest)) return value
    const [whole = '', single, double, escaped, reference, bare] =
      /^(?:'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\(.)|\$\{?(\w+)\}?|([^\s;'"\\$`()]+))/.exec(rest) ?? []
    if (whole === '') return undefined
    const piece =
      single ??
      escaped ??
      bare ??
      (reference === undefined ? inDoubleQuotes(double ?? '', known) : known.get(reference))
    if (piece === undefined) return undefined
    value += piece
    rest = rest.slice(whole.length)
  }
}

function inDoubleQuotes(text: string, known: ReadonlyMap<string, string>): string | undefined {
  let isReadable = true
  const value = text.replace(/\\([$`"\\])|\$\{?(\w+)\}?|[$`]/g, (whole, escaped?: string, reference?: string) => {
    if (escaped !== undefined) return escaped
    const found = reference === undefined ? undefined : known.get(reference)
    isReadable &&= found !== undefined
    return found ?? whole
  })
  return isReadable ? value : undefined
}

/** An openrc that sets exactly this login. */
export function writeOpenrc(login: OpenStackLogin): string {
  const all: readonly (readonly [string, string])[] = [...Object.entries(login), ['identity_api_version', '3']]
  return all.map(([key, value]) => `export ${variable(key)}='${value.replaceAll("'", "'\\''")}'\n`).join('')
}
