import { fileURLToPath } from 'node:url'

/** The command of a program in `programs/`, by its name there. */
export const program = (name: string): readonly string[] => [
  process.execPath,
  '--conditions=workspace-source',
  fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url)),
]

const { NODE_COMPILE_CACHE } = process.env
/** For the environment of a program: where Node keeps compiled code, most of the time of a short process. */
export const compiledCode: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
