import { readdirSync, readFileSync, readSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { withPrivateFile, writePrivateFile } from './private-folder.ts'

/** Loads the scripts of a folder, CommonJS modules that name each other. */
export interface ScriptLoader {
  /** The exports of a script, for example `answer-calls.cjs`. */
  load(name: string): unknown
  /**
   * Says what the process does, for example `create_vm`. Scripts that are loaded from then on find the code that an earlier
   * process compiled for the same purpose.
   */
  setPurpose(purpose: string): void
  /** Keeps what was compiled, for later processes; to be called when the process ends. Does nothing where all was found. */
  keep(): void
}

export interface ScriptLoaderOptions {
  /**
   * Of the scripts, as the build makes them: `//` and 16 digits that change with the content, then a function of `exports`,
   * `require` and `module`.
   */
  readonly folder: string
  /** For compiled code: that of Node's compile cache. Undefined: none is kept. */
  readonly cacheFolder: string | undefined
}

/** Of what is loaded before the purpose is known. */
const anyPurpose = 'start'

/** A script of this process, with the name of its file of compiled code. */
interface LoadedScript {
  readonly script: Script
  readonly digest: string
  readonly file: string
  readonly purpose: string
  /** No earlier process has kept what it compiled of it. */
  readonly isNew: boolean
}

/** Of the digits at the beginning of a script and of the file with its compiled code. */
const digestLength = 16

/**
 * A loader that keeps what V8 has compiled of the scripts. Node's own compile cache keeps a file as it is before it
 * runs, when V8 has compiled few of its functions: each call compiles those it needs again, a sixth of its CPU time. So
 * these are kept as they are when a process ends, in the folder of that cache, whose name changes with Node's version,
 * its flags and the CPU's features. V8 refuses code that does not fit them.
 */
export function createScriptLoader({ folder, cacheFolder }: ScriptLoaderOptions): ScriptLoader {
  const require = createRequire(import.meta.url)
  const loaded = new Map<string, { exports: unknown }>()
  const scripts: LoadedScript[] = []
  let purpose = anyPurpose

  /** On its own, so that the bytes are free before the script runs, and no longer kept by the collections meanwhile. */
  const scriptOf = (name: string): Script => {
    const filename = join(folder, name)
    const source = readFileSync(filename, 'latin1') // all ASCII, which the build checks: read without decoding
    const digest = source.slice(2, 2 + digestLength)
    const file = `${name}.${purpose}`
    const cachedData = cacheFolder === undefined ? undefined : readCompiled(cacheFolder, file, digest)
    const script = new Script(source, { filename, ...(cachedData === undefined ? {} : { cachedData }) })
    const isNew = cachedData === undefined || script.cachedDataRejected === true
    scripts.push({ script, digest, file, purpose, isNew })
    return script
  }

  const load = (name: string): unknown => {
    const known = loaded.get(name)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    loaded.set(name, module)
    const script = scriptOf(name)
    const requireFrom = (wanted: string): unknown => (wanted.startsWith('./') ? load(wanted.slice(2)) : require(wanted))
    script.runInThisContext()(module.exports, requireFrom, module)
    return module.exports
  }

  return {
    load,
    setPurpose: (given) => {
      purpose = given
    },
    keep: () => {
      if (cacheFolder === undefined || !scripts.some(({ isNew }) => isNew)) return
      removeOutdated(cacheFolder, folder)
      for (const { script, digest, file, purpose, isNew } of scripts) {
        // The first process of each purpose adds what it ran of the scripts that all load.
        if (!isNew && purpose !== anyPurpose) continue
        const code = script.createCachedData()
        writeCompiled(cacheFolder, file, [Buffer.from(digest, 'latin1'), code, code])
      }
    },
  }
}

/**
 * Undefined without the file, where it is of another script or damaged, and where it cannot be trusted. V8 checks no
 * sum and would run damaged code; comparing two copies takes a tenth of the time of loading a module that makes sums.
 */
function readCompiled(folder: string, name: string, digest: string): Buffer | undefined {
  try {
    return withPrivateFile(folder, name, process.getuid?.() ?? -1, (file, size) => {
      const head = Buffer.allocUnsafe(digestLength)
      if (!fills(head, file, 0) || head.toString('latin1') !== digest) return undefined
      const length = (size - digestLength) / 2
      const code = Buffer.allocUnsafeSlow(length)
      return fills(code, file, digestLength) && isAt(code, file, digestLength + length) ? code : undefined
    })
  } catch {
    return undefined // compiled again
  }
}

/** Of the second copy, so many bytes are in memory at a time. */
const pieceBytes = 64 * 1024

/** Whether the file has these bytes at this place. */
function isAt(bytes: Buffer, file: number, at: number): boolean {
  const piece = Buffer.allocUnsafe(Math.min(pieceBytes, bytes.length))
  for (let done = 0; done < bytes.length; done += piece.length) {
    const wanted = bytes.subarray(done, done + piece.length)
    const read = piece.subarray(0, wanted.length)
    if (!fills(read, file, at + done) || !read.equals(wanted)) return false
  }
  return true
}

const fills = (bytes: Buffer, file: number, at: number): boolean =>
  readSync(file, bytes, 0, bytes.length, at) === bytes.length

/** Whole or not at all. */
function writeCompiled(folder: string, file: string, parts: readonly Buffer[]): void {
  try {
    writePrivateFile(folder, file, Buffer.concat(parts), { unique: `${process.pid}-${Date.now()}`, isSynced: true })
  } catch {
    // The next process compiles again.
  }
}

/** Removes compiled code of scripts that an earlier version of the program had. */
function removeOutdated(cacheFolder: string, folder: string): void {
  const scripts = new Set(namesIn(folder))
  for (const file of namesIn(cacheFolder)) {
    const script = /^(.+\.cjs)\./.exec(file)?.[1]
    if (script !== undefined && !scripts.has(script)) remove(join(cacheFolder, file))
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** If it can be: all of the folder can be made again, and a call must not fail by it. */
function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // It only takes space.
  }
}
