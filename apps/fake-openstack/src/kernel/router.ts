interface Node<R> {
  fixed: Map<string, Node<R>>
  param: { name: string; node: Node<R> } | undefined
  byMethod: Map<string, { route: R; names: readonly string[] }>
}

export interface RouteMatch<R> {
  route: R
  params: Record<string, string>
}

/** Finds routes by path segments; a fixed segment wins over a parameter, whatever the order of registration. */
export class Router<R> {
  readonly #root: Node<R> = emptyNode()

  /** Adds a route; `:name` is a parameter. Two routes for one method and path are a mistake and throw. */
  add(method: string, path: string, route: R): void {
    let node = this.#root
    const names: string[] = []
    for (const segment of segmentsOf(path)) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1))
        node.param ??= { name: segment.slice(1), node: emptyNode() }
        node = node.param.node
      } else {
        let next = node.fixed.get(segment)
        if (!next) {
          next = emptyNode()
          node.fixed.set(segment, next)
        }
        node = next
      }
    }
    if (node.byMethod.has(method)) throw new Error(`two routes for ${method} ${path}`)
    node.byMethod.set(method, { route, names })
  }

  /** The route; or the methods the path has, when it exists with others; or undefined. */
  match(method: string, path: string): RouteMatch<R> | { allowed: string[] } | undefined {
    const values: string[] = []
    const segments = segmentsOf(path)
    const node = find(this.#root, segments, 0, values, method) ?? find(this.#root, segments, 0, values, undefined)
    if (!node) return undefined
    const hit = node.byMethod.get(method)
    if (!hit) return { allowed: [...node.byMethod.keys()] }
    const params: Record<string, string> = {}
    for (const [i, name] of hit.names.entries()) params[name] = values[i] ?? ''
    return { route: hit.route, params }
  }
}

const emptyNode = <R>(): Node<R> => ({ fixed: new Map(), param: undefined, byMethod: new Map() })

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '')

/** Depth-first, fixed segments first; without a method any node with routes will do. */
const find = <R>(
  node: Node<R>,
  segments: readonly string[],
  at: number,
  values: string[],
  method: string | undefined,
): Node<R> | undefined => {
  const segment = segments[at]
  if (segment === undefined) {
    const fits = method === undefined ? node.byMethod.size > 0 : node.byMethod.has(method)
    return fits ? node : undefined
  }
  const fixed = node.fixed.get(segment)
  const found = fixed && find(fixed, segments, at + 1, values, method)
  if (found) return found
  if (!node.param) return undefined
  const depth = values.length
  values.push(segment)
  const below = find(node.param.node, segments, at + 1, values, method)
  if (!below) values.length = depth
  return below
}
