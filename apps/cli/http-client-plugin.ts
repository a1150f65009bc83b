import { readFile } from 'node:fs/promises'
import type { Options } from 'tsup'

type BuildPlugin = NonNullable<Options['esbuildPlugins']>[number]

const absent = (what: string): string => `throw new Error('${what} is left out of the bundle')`

/**
 * What stands for modules of the HTTP client that no request of the driver uses, by the end of the module's name. The
 * driver turns each of these options off (`packages/openstack-driver/src/http/send-http.ts`); loading them costs a call
 * more than a third of what the client costs. A part that is used all the same throws.
 */
const unused: readonly (readonly [RegExp, string])[] = [
  [
    /^cacheable-request$/,
    `export default class { constructor() { ${absent('the cache')} } }\nexport class CacheError extends Error {}`,
  ],
  [/\/utils\/dns-cache\.js$/, `export default class { constructor() { ${absent('the DNS cache')} } }`],
  [
    /\/utils\/http2-client\.js$/,
    `export default { get request() { ${absent('HTTP/2')} }, get auto() { ${absent('HTTP/2')} } }`,
  ],
  [/\/utils\/decompress-response\.js$/, `export default () => { ${absent('decompression')} }`],
  // Times each request with eight listeners; nothing reads the times.
  [/\/utils\/timer\.js$/, 'export default () => undefined'],
  [/^node:http2$/, 'export class Http2ServerResponse {}\nexport const constants = {}'],
  // TLS is loaded by the first https request, not with the client.
  [
    /^node:tls$/,
    "export const checkServerIdentity = (...given) => process.getBuiltinModule('node:tls').checkServerIdentity(...given)",
  ],
  [/^node:https$/, "export default new Proxy({}, { get: (_, name) => process.getBuiltinModule('node:https')[name] })"],
]

/**
 * What is put in place of pieces of text in these modules, by the end of the module's path. Each makes Node or V8 load,
 * in every call, something that only messages or other kinds of bodies need. Building fails when a text is not there: a
 * new version of the module has to be looked at.
 */
const edits: readonly (readonly [RegExp, readonly (readonly [string, string])[]])[] = [
  [
    /[\\/]got[\\/]dist[\\/]source[\\/]core[\\/]index\.js$/,
    // It compares bodies with these globals, which makes Node load its whole `fetch` and its web streams.
    [
      ['import process from', 'class FormData {}\nclass ReadableStream {}\nimport process from'],
      // Reads each answer by an async iterator, whose code in Node is compiled in each call.
      ['await from.toArray()', 'await readWhole(from)'],
      [
        'export default class Request',
        `const readWhole = (stream) => new Promise((resolve, reject) => {
          const chunks = [];
          const read = () => { for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) chunks.push(chunk); };
          const end = () => resolve(chunks);
          if (stream.readableEnded) return end();
          if (stream.destroyed) return reject(new Error('Premature close'));
          stream.on('readable', read);
          stream.once('end', end);
          stream.once('error', reject);
          stream.once('close', () => reject(new Error('Premature close')));
          read();
        });
        export default class Request`,
      ],
    ],
  ],
  [
    /[\\/]got[\\/]dist[\\/]source[\\/]core[\\/]utils[\\/]is-non-replayable-body\.js$/,
    [['export default function', 'class ReadableStream {}\nexport default function']],
  ],
  [
    /[\\/]got[\\/]dist[\\/]source[\\/](?:core[\\/]options|create)\.js$/,
    // Checks some thirty options of each request, whose types the compiler has checked.
    [
      [
        "import is, { assert } from '@sindresorhus/is'",
        "import is from '@sindresorhus/is'\nconst unchecked = () => undefined\nconst assert = new Proxy({}, { get: () => unchecked })",
      ],
    ],
  ],
  [
    /[\\/]@sindresorhus[\\/]is[\\/]distribution[\\/]index\.js$/,
    [
      // For one message: a seventh of the CPU time of a call.
      ["new Intl.ListFormat('en', { style: 'long', type: 'conjunction' })", "{ format: (parts) => parts.join(', ') }"],
      [
        "new Intl.ListFormat('en', { style: 'long', type: 'disjunction' })",
        "{ format: (parts) => parts.join(' or ') }",
      ],
    ],
  ],
]

/** Leaves out of the bundle what the HTTP client `got` needs for options that the driver turns off. */
export const httpClientTrimmed: BuildPlugin = {
  name: 'http-client-trimmed',
  setup(build) {
    build.onResolve({ filter: /^cacheable-request$|\/utils\/|^node:(http2|tls|https)$/ }, ({ path, importer }) => {
      if (!/[\\/]node_modules[\\/]got[\\/]/.test(importer)) return undefined
      const at = unused.findIndex(([name]) => name.test(path))
      return at < 0 ? undefined : { path: String(at), namespace: 'http-client-unused' }
    })
    build.onLoad({ filter: /./, namespace: 'http-client-unused' }, ({ path }) => ({
      contents: unused[Number(path)]?.[1] ?? '',
      loader: 'js',
    }))
    for (const [filter, replacements] of edits) {
      build.onLoad({ filter }, async ({ path }) => ({
        contents: replacements.reduce(
          (text, [found, instead]) => replaceOnce(text, found, instead, path),
          await readFile(path, 'utf8'),
        ),
        loader: 'js',
      }))
    }
  },
}

function replaceOnce(text: string, found: string, instead: string, path: string): string {
  const parts = text.split(found)
  if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times: ${found}`)
  return parts.join(instead)
}
