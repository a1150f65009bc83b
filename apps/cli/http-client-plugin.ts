import { readFile } from 'node:fs/promises'
import type { Options } from 'tsup'

type BuildPlugin = NonNullable<Options['esbuildPlugins']>[number]

const absent = (what: string): string => `throw new Error('${what} is left out of the bundle')`

/**
 * What stands for modules of the HTTP client that no request of the driver uses, by the end of the module's name. The driver turns
 * each of these options off (`packages/openstack-driver/src/http/send-http.ts`); loading them costs a call more than a
 * third of what the client costs. A part that is used all the same throws.
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
  [/^node:http2$/, 'export class Http2ServerResponse {}\nexport const constants = {}'],
  // TLS is loaded by the first https request, not with the client.
  [
    /^node:tls$/,
    "export const checkServerIdentity = (...given) => process.getBuiltinModule('node:tls').checkServerIdentity(...given)",
  ],
  [/^node:https$/, "export default new Proxy({}, { get: (_, name) => process.getBuiltinModule('node:https')[name] })"],
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
    // It compares each body with the global `FormData`, which makes Node load its whole `fetch`.
    build.onLoad({ filter: /[\\/]got[\\/]dist[\\/]source[\\/]core[\\/]index\.js$/ }, async ({ path }) => ({
      contents: `class FormData {}\n${await readFile(path, 'utf8')}`,
      loader: 'js',
    }))
  },
}
