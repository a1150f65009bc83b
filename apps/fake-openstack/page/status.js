// @ts-check
import { graphOf } from './graph.js'

const pollMs = 1000
const shownRequests = 500
const shownRecords = 200
const secrets = /^(password|admin_pass|user_data|secret)$/

/** @param {string} id */
const at = (id) => {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no ${id}`)
  return element
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children text stays text, whatever a resource is called
 */
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** @param {string} path @param {RequestInit} [init] */
const ask = async (path, init) => {
  const response = await fetch(`/_fake/${path}`, init)
  const body = await response.json()
  if (!response.ok) throw new Error(body.error ?? `${path}: ${response.status}`)
  return body
}

/** @param {string} text @param {boolean} [isBad] */
const say = (text, isBad = false) => {
  at('message').textContent = text
  at('message').className = isBad ? 'bad' : ''
}

/** Colour beside the word, never instead of it. @param {string} status */
const tone = (status) => {
  if (/^(active|available|in-use|online|up|2\d\d)$/i.test(status)) return 'good'
  if (/err|fail|^cut$|^[45]\d\d$/i.test(status)) return 'bad'
  if (/ing$|^build|pending|queued|resize|^3\d\d$/i.test(status)) return 'busy'
  return ''
}

/** @param {string} status */
const badge = (status) => make('span', { class: `badge ${tone(status)}` }, status)

/** Draws a part of the page again only when what it shows has changed, so that nothing jumps under a reader. */
/** @type {Map<string, string>} */
const drawn = new Map()
/** @param {string} id @param {unknown} value @param {() => (Node | string)[]} draw */
const show = (id, value, draw) => {
  const text = JSON.stringify(value)
  if (drawn.get(id) === text) return
  drawn.set(id, text)
  at(id).replaceChildren(...draw())
}

// What is unfolded stays so when its part is drawn again.
/** @type {Set<string>} */
const unfolded = new Set()
/** @param {string} key @param {(Node | string)[]} summary @param {() => Node[]} inside made when unfolded */
const fold = (key, summary, inside) => {
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

/** @param {unknown} value */
const json = (value) =>
  make(
    'pre',
    { tabindex: '0' },
    JSON.stringify(value, (key, inner) => (secrets.test(key) && inner ? '***' : inner), 2),
  )

/** @param {import('./graph.js').Branch} branch @returns {Node} */
const branchItem = ({ label, what, status, id, children }) =>
  make(
    'li',
    id ? { title: id } : {},
    label,
    ' ',
    ...(status ? [badge(status), ' '] : []),
    ...(what ? [make('span', { class: 'what' }, what)] : []),
    ...(children?.length ? [make('ul', {}, ...children.map(branchItem))] : []),
  )

/** @param {import('./graph.js').State} state */
const drawGraph = (state) => {
  const groups = graphOf(state)
  show('graph', groups, () =>
    groups.flatMap(({ title, branches }) => {
      const more = branches.length - shownRecords
      return [
        make('h3', {}, title),
        make('ul', { class: 'tree' }, ...branches.slice(0, shownRecords).map(branchItem)),
        ...(more > 0 ? [make('p', { class: 'hint' }, `and ${more} more`)] : []),
      ]
    }),
  )
}

/** @param {import('./graph.js').State} state @param {import('./graph.js').State} leftovers */
const drawKinds = (state, leftovers) => {
  const kinds = Object.entries(state).filter(([, items]) => items.length > 0)
  show('kinds', [kinds, leftovers], () =>
    kinds.map(([kind, items]) => {
      const more = leftovers[kind]?.length ?? 0
      const title = [`${kind.replaceAll('_', ' ')} `, badge(String(items.length))]
      if (more > 0) title.push(' ', make('span', { class: 'badge new' }, `+${more}`))
      const known = new Set(leftovers[kind]?.map(({ id }) => id))
      const shown = [...items].sort((a, b) => Number(known.has(b.id)) - Number(known.has(a.id))).slice(0, shownRecords)
      return fold(kind, title, () => shown.map((item) => recordFold(kind, item, known.has(item.id))))
    }),
  )
}

/** @param {string} kind @param {import('./graph.js').Item} item @param {boolean} isNew */
const recordFold = (kind, item, isNew) => {
  const status = item['provisioning_status'] ?? item['vm_state'] ?? item['status']
  const name = item['name'] || item['floating_ip_address']
  const title = [name ? `${name} ` : '', make('code', { class: 'what' }, item.id), ' ']
  if (status) title.push(badge(status))
  if (isNew) title.push(' ', make('span', { class: 'badge new' }, 'new'))
  return fold(`${kind}/${item.id}`, title, () => [json(item)])
}

/** @param {any[]} rules */
const drawFaults = (rules) =>
  show('faults', rules, () => {
    if (rules.length === 0) return [make('p', { class: 'none' }, 'None: everything goes as in a healthy cloud.')]
    const rows = rules.map(({ id, rule, matched, hits }) => {
      const more = { ...(rule.skip ? { skip: rule.skip } : {}), ...(rule.times === 1 ? {} : { times: rule.times }) }
      const rest = Object.entries(more).map(([key, value]) => ` · ${key} ${value ?? 'all'}`)
      const count = `${hits} of ${matched}`
      return make(
        'tr',
        {},
        make('td', {}, id),
        make(
          'td',
          {},
          Object.entries(rule.match)
            .map((pair) => pair.join(' '))
            .join(', '),
        ),
        make('td', {}, `${rule.when}: ${JSON.stringify(rule.do)}${rest.join('')}`),
        make('td', {}, hits === 0 ? make('span', { class: 'badge busy' }, 'no hit yet') : count),
      )
    })
    const head = ['rule', 'match', 'what it does', 'hits of matches'].map((text) => make('th', { scope: 'col' }, text))
    return [make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows))]
  })

let lastRequest = 0
const filter = /** @type {HTMLInputElement} */ (at('filter'))
const follow = /** @type {HTMLInputElement} */ (at('follow'))

/** @param {HTMLElement} row */
const applyFilter = (row) => {
  row.hidden = !row.dataset['text']?.includes(filter.value.toLowerCase())
}

/** @param {any} entry */
const journalRow = (entry) => {
  const query = new URLSearchParams(entry.query).toString()
  const status = entry.status === 0 ? 'cut' : String(entry.status)
  const request = `${entry.method} ${entry.path}${query ? `?${query}` : ''}`
  const { requestId, microversion, unread, faults } = entry
  const bodies = { requestId, microversion, unread, faults, request: entry.request, response: entry.response }
  const row = make(
    'tr',
    {},
    make('td', {}, String(entry.n)),
    make('td', {}, entry.time.slice(11, 23)),
    make('td', {}, `${entry.service} ${entry.operation}`),
    make(
      'td',
      {},
      fold(`request ${entry.n}`, [request], () => [json(bodies)]),
    ),
    make('td', {}, badge(status), ...(faults.length > 0 ? [' ', make('span', { class: 'badge busy' }, 'fault')] : [])),
    make('td', {}, entry.durationMs.toFixed(1)),
  )
  row.dataset['text'] = `${entry.service} ${entry.operation} ${request} ${status} ${requestId}`.toLowerCase()
  applyFilter(row)
  return row
}

const drawJournal = async () => {
  if (!follow.checked) return
  const rows = at('journal')
  let { count, entries } = await ask(`journal?since=${lastRequest}`)
  if (count < lastRequest) {
    // The cloud was reset.
    rows.replaceChildren()
    ;({ count, entries } = await ask('journal?since=0'))
  }
  rows.prepend(...entries.slice(-shownRequests).reverse().map(journalRow))
  while (rows.childElementCount > shownRequests) rows.lastElementChild?.remove()
  lastRequest = count
  show('count', count, () => [`${count} ${count === 1 ? 'request' : 'requests'}`])
}

/** @param {{ mode: string, now: string }} clock */
const drawClock = ({ mode, now }) => {
  at('now').textContent = `${now.slice(0, 10)} ${now.slice(11, 19)} UTC`
  at('now').setAttribute('datetime', `${now}Z`)
  show('mode', mode, () => [`${mode} clock`])
  at('mode-switch').textContent = mode === 'real' ? 'Stop the clock' : 'Let it run'
  at('mode-switch').dataset['mode'] = mode === 'real' ? 'virtual' : 'real'
}

const look = async () => {
  const [health, state, leftovers, { faults }] = await Promise.all([
    ask('health'),
    ask('state'),
    ask('leftovers'),
    ask('faults'),
  ])
  at('about').textContent = `${health.version} at ${location.origin}`
  drawClock(health.clock)
  drawGraph(state)
  drawKinds(state, leftovers)
  drawFaults(faults)
  await drawJournal()
}

let looking = Promise.resolve()
/** One look after the other: two in parallel would show requests twice, and the later answer may be the older one. */
const refresh = () => {
  looking = looking.catch(() => undefined).then(look)
  return looking
}

let isLost = false
const poll = async () => {
  if (!document.hidden) {
    try {
      await refresh()
      if (isLost) say('The cloud is back.')
      isLost = false
    } catch (error) {
      isLost = true
      say(`The cloud does not answer: ${error instanceof Error ? error.message : error}`, true)
    }
  }
  setTimeout(poll, pollMs)
}

/** @param {string} path @param {unknown} body @param {string} done */
const order = async (path, body, done) => {
  try {
    await ask(path, { method: 'POST', body: JSON.stringify(body) })
    await refresh()
    say(done)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), true)
  }
}

at('advance').addEventListener('click', ({ target }) => {
  const step = target instanceof HTMLElement ? target.dataset['advance'] : undefined
  if (step) order('clock', { advance: step }, `The clock was advanced by ${step}.`)
})
at('mode-switch').addEventListener('click', () => {
  const mode = at('mode-switch').dataset['mode']
  order('clock', { mode }, `The clock is ${mode} now.`)
})
at('reset').addEventListener('click', () => {
  if (!confirm('Back to the seed? State, journal and fault rules are lost.')) return
  order('reset', {}, 'The cloud is back at its seed.')
})
filter.addEventListener('input', () => {
  for (const row of at('journal').children) applyFilter(/** @type {HTMLElement} */ (row))
})

poll()
