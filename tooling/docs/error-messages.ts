import { readdir, readFile } from 'node:fs/promises'
import { type Argument, type Expression, parseSync, Visitor } from 'oxc-parser'

/** A message of an error or a warning in the source, with `…` for what is filled in. */
export interface ErrorMessage {
  /** Path of the file from the root of the repository. */
  readonly file: string
  readonly text: string
}

/** Fewer letters in a row are no words of this CPI: the message passes on another one. */
const leastLetters = 10

/** The source files of a workspace by their paths from the root, without tests. */
export async function sourcesOf(root: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(`${root}${folder}/src`, { recursive: true })
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).toSorted()
  const read = async (name: string) =>
    [`${folder}/src/${name}`, await readFile(`${root}${folder}/src/${name}`, 'utf8')] as const
  return new Map(await Promise.all(files.map(read)))
}

/** The errors and warnings that source files make for operators. */
export const errorMessagesIn = (sources: ReadonlyMap<string, string>): readonly ErrorMessage[] =>
  [...sources].flatMap(([file, source]) => messagesIn(source).map((text) => ({ file, text })))

/** The messages in a source text: arguments of the calls that make one for operators, and `const message`. */
export function messagesIn(source: string): readonly string[] {
  const found: string[] = []
  const add = (message: Argument | null | undefined): void => {
    if (message) found.push(...textsOf(message as Expression))
  }
  new Visitor({
    NewExpression: ({ callee, arguments: [, message] }) => {
      if (/^(Cpi|OpenStack)Error$/.test(source.slice(callee.start, callee.end))) add(message)
    },
    CallExpression: ({ callee, arguments: [message] }) => {
      if (/^invalidVm$|\.warn$|^warnings\.push$/.test(source.slice(callee.start, callee.end))) add(message)
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && id.name === 'message') add(init)
    },
  }).visit(parseSync('source.ts', source).program)
  return found
    .map((text) => text.replaceAll('`', "'"))
    .filter((text) => text.split('…').some((part) => part.replaceAll(/\W/g, '').length >= leastLetters))
}

/** What an expression can read, with `…` for values; each branch of a choice apart. */
function textsOf(expression: Expression): readonly string[] {
  switch (expression.type) {
    case 'Literal':
      return [String(expression.value)]
    case 'TemplateLiteral':
      return [expression.quasis.map(({ value }) => value.cooked).join('…')]
    case 'ConditionalExpression':
      return [...textsOf(expression.consequent), ...textsOf(expression.alternate)]
    case 'BinaryExpression': {
      const ends = textsOf(expression.right)
      return textsOf(expression.left as Expression).flatMap((begin) => ends.map((end) => begin + end))
    }
    case 'ParenthesizedExpression':
      return textsOf(expression.expression)
    default:
      return ['…']
  }
}
