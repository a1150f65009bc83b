// @ts-check
/** Pieces that the parts of the page are made of. */

/** @param {string} id */
export const at = (id) => {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no ${id}`)
  return element
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children text stays text, whatever a resource is called
 */
export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** Colour beside the word, never instead of it. @param {string} status */
const tone = (status) => {
  if (/^(active|available|in-use|online|up|2\d\d)$/i.test(status)) return 'good'
  if (/err|fail|^cut$|^[45]\d\d$/i.test(status)) return 'bad'
  if (/ing$|^build|pending|queued|resize|^3\d\d$/i.test(status)) return 'busy'
  return ''
}

/** @param {string} status @param {string} [kind] its look, if not that of the word */
export const badge = (status, kind = tone(status)) => make('span', { class: `badge ${kind}` }, status)

/** Draws a part of the page again only when what it shows has changed, so that nothing jumps under a reader. */
/** @type {Map<string, string>} */
const drawn = new Map()
/** @param {string} id @param {unknown} value @param {() => (Node | string)[]} draw */
export const show = (id, value, draw) => {
  const text = JSON.stringify(value)
  if (drawn.get(id) === text) return
  drawn.set(id, text)
  at(id).replaceChildren(...draw())
}

// What is unfolded stays so when its part is drawn again.
/** @type {Set<string>} */
const unfolded = new Set()
/** @param {string} key @param {(Node | string)[]} summary @param {() => Node[]} inside made when unfolded */
export const fold = (key, summary, inside) => {
  const details = make('details', {}, make('summary', {}, ...summary))
  const fill = () => details.childElementCount === 1 && details.append(...inside())
  details.addEventListener('toggle', () => {
    if (details.hasAttribute('open')) unfolded.add(key)
    else unfolded.delete(key)
    fill()
  })
  if (unfolded.has(key)) {
    details.setAttribute('open', '')
    fill()
  }
  return details
}

const secrets = /^(password|admin_pass|user_data|secret)$/

/** @param {unknown} value */
export const json = (value) =>
  make(
    'pre',
    { tabindex: '0' },
    JSON.stringify(value, (key, inner) => (secrets.test(key) && inner ? '***' : inner), 2),
  )

/** Text in which lines may break behind slashes and in front of the parts of a query. @param {string} text */
export const breakable = (text) =>
  text.split(/(?<=\/)|(?=[?&])/).flatMap((part, i) => (i === 0 ? [part] : [make('wbr'), part]))
