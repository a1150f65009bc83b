import { readdir, readFile } from 'node:fs/promises'

/** A message of an error or a warning in the source, with `…` for what is filled in. */
export interface ErrorMessage {
  /** Path of the file from the root of the repository. */
  readonly file: string
  readonly text: string
}

/** Before the message of an error or a warning: the calls that make one for operators, with the arguments in front of the message. */
const beforeMessage =
  /new (?:CpiError|OpenStackError)\(\s*[^,()]+(?:\([^()]*\))?,\s*|invalidVm\(\s*|const message =\s+|\.warn\(\s*|warnings\.push\(\s*/g

/** Fewer letters in a row are no words of this CPI: the message passes on another one. */
const leastLetters = 10

/** The errors and warnings that the source of a workspace makes for operators. */
export async function errorMessagesIn(root: string, folder: string): Promise<readonly ErrorMessage[]> {
  const names = await readdir(`${root}${folder}/src`, { recursive: true })
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).toSorted()
  const found = files.map(async (name) => {
    const file = `${folder}/src/${name}`
    return messagesIn(await readFile(`${root}${file}`, 'utf8')).map((text) => ({ file, text }))
  })
  return (await Promise.all(found)).flat()
}

/** The messages in a source text. */
export function messagesIn(source: string): readonly string[] {
  return [...source.matchAll(beforeMessage)]
    .map(({ index, 0: { length } }) => expressionText(source.slice(index + length)).replaceAll('\\`', "'"))
    .filter((text) => text.split('…').some((part) => part.replaceAll(/\W/g, '').length >= leastLetters))
}

const token =
  /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.|\$(?!\{))*)(`|\$\{)|([([{])|([)\]}])|(,|\n(?=\n))|[^'"`([{)\]},\n]+|\n/y
const templateRest = /((?:[^`\\$]|\\.|\$(?!\{))*)(`|\$\{)/y

/** The words in the literals of an expression, up to the end of the expression. */
function expressionText(source: string): string {
  const parts: string[] = []
  /** What ends at the next closing bracket: a bracket, or a value within a template. */
  const open: ('bracket' | 'value')[] = []
  let at = 0
  const addTemplate = (words: string, end: string): void => {
    parts.push(words)
    if (end === '${') open.push('value')
  }
  for (;;) {
    token.lastIndex = at
    const found = token.exec(source)
    if (found === null) return parts.join('')
    at = token.lastIndex
    const [, single, double, words, end, opening, closing, separator] = found
    const plain = single ?? double
    const isMessage = !open.includes('bracket')
    if (plain !== undefined && !open.includes('value')) parts.push(isMessage ? plain : '…')
    else if (words !== undefined && end !== undefined) addTemplate(open.length === 0 ? words : '…', end)
    else if (opening !== undefined) open.push('bracket')
    else if (separator !== undefined && open.length === 0) return parts.join('')
    else if (closing !== undefined) {
      const ended = open.pop()
      if (ended === undefined) return parts.join('')
      if (ended === 'bracket') continue
      parts.push('…')
      templateRest.lastIndex = at
      const rest = templateRest.exec(source)
      at = templateRest.lastIndex
      if (rest !== null) addTemplate(open.length === 0 ? (rest[1] ?? '') : '…', rest[2] ?? '')
    }
  }
}
