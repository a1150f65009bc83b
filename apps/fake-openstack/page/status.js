// @ts-check
import { faultItems } from './faults.js'
import { graphOf } from './graph.js'
import { gapItems, gapOf, journalRow } from './journal.js'
import { at, badge, fold, json, make, show } from './parts.js'

const pollMs = 1000
const shownRequests = 500
const shownRecords = 200
const shownTransitions = 20

/** @param {string} path @param {RequestInit} [init] */
const ask = async (path, init) => {
  const response = await fetch(`/_fake/${path}`, init)
  const body = await response.json()
  if (!response.ok) throw new Error(body.error ?? `${path}: ${response.status}`)
  return body
}

/** Large answers by path, kept while the cloud says that they are the same. @type {Map<string, { etag: string, body: any }>} */
const kept = new Map()

/** @param {string} path */
const askIfChanged = async (path) => {
  const known = kept.get(path)
  const response = await fetch(`/_fake/${path}`, known ? { headers: { 'if-none-match': known.etag } } : {})
  if (response.status === 304 && known) return known.body
  const body = await response.json()
  if (!response.ok) throw new Error(body.error ?? `${path}: ${response.status}`)
  kept.set(path, { etag: response.headers.get('etag') ?? '', body })
  return body
}

/** @param {string} text @param {boolean} [isBad] */
const say = (text, isBad = false) => {
  at('message').textContent = text
  at('message').className = isBad ? 'bad' : ''
}

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
    const remove = (/** @type {string} */ id) => order('DELETE', `faults/${id}`, undefined, `${id} is removed.`)
    return [make('ul', { class: 'items' }, ...faultItems(rules, remove))]
  })

/** @param {{ authUrl: string, users: any[], cloudsYaml: string }} connection */
const drawConnection = ({ authUrl, users, cloudsYaml }) =>
  show('connection', [authUrl, users], () => {
    const head = ['user', 'password', 'project'].map((text) => make('th', { scope: 'col' }, text))
    const rows = users.map(({ username, password, project }) =>
      make('tr', {}, ...[username, password, project].map((text) => make('td', {}, text))),
    )
    const users_ = make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows))
    return [
      make('p', {}, make('code', {}, authUrl)),
      users_,
      fold('clouds.yaml', ['clouds.yaml'], () => [make('pre', { tabindex: '0' }, cloudsYaml)]),
    ]
  })

/** @param {any[]} pending @param {import('./graph.js').State} state @param {string} mode */
const drawTransitions = (pending, state, mode) =>
  show('transitions', [pending, mode], () => {
    if (pending.length === 0) return [make('p', { class: 'none' }, 'None: nothing will change by itself.')]
    const items = pending.slice(0, shownTransitions).map(({ transition, kind, resourceId, at: due }) => {
      const name = state[kind]?.find(({ id }) => id === resourceId)?.['name']
      return make(
        'li',
        { title: resourceId },
        make('code', {}, transition),
        ` of ${name || resourceId} `,
        badge(due === null ? 'held' : due.slice(11, 23), due === null ? 'busy' : ''),
      )
    })
    const more = pending.length - items.length
    const buttons = []
    if (mode === 'virtual' && pending[0].at !== null) {
      buttons.push(
        button('Advance to the next', 'transitions', { next: true }, 'The clock went to the next transition.'),
      )
    }
    if (pending.some((one) => one.at === null)) {
      buttons.push(button('Release what is held', 'transitions', { release: true }, 'Held transitions go on.'))
    }
    return [
      make('ul', { class: 'items' }, ...items),
      ...(more > 0 ? [make('p', { class: 'hint' }, `and ${more} more`)] : []),
      make('p', { class: 'tools' }, ...buttons),
    ]
  })

/** @param {string} text @param {string} path @param {unknown} body @param {string} done */
const button = (text, path, body, done) => {
  const element = make('button', { type: 'button' }, text)
  element.addEventListener('click', () => order('POST', path, body, done))
  return element
}

/** Requests answered with 501, by kind. @type {Map<string, number>} */
const gaps = new Map()

const drawGaps = () => {
  at('gaps-section').hidden = gaps.size === 0
  show('gaps', [...gaps], () => gapItems(gaps))
}

let lastRequest = 0
const filter = /** @type {HTMLInputElement} */ (at('filter'))
const follow = /** @type {HTMLInputElement} */ (at('follow'))

/** @param {HTMLElement} row */
const applyFilter = (row) => {
  row.hidden = !row.dataset['text']?.includes(filter.value.toLowerCase())
}

/** @param {import('./graph.js').State} state */
const drawJournal = async (state) => {
  if (!follow.checked) return
  const rows = at('journal')
  let { count, entries } = await ask(`journal?since=${lastRequest}`)
  if (count < lastRequest) {
    // The cloud was reset.
    rows.replaceChildren()
    gaps.clear()
    ;({ count, entries } = await ask('journal?since=0'))
  }
  const projects = new Map(state['projects']?.map(({ id, name }) => [id, name]))
  const row = (/** @type {any} */ entry) => {
    const element = journalRow(entry, projects.get(entry.projectId))
    applyFilter(element)
    return element
  }
  rows.prepend(...entries.slice(-shownRequests).reverse().map(row))
  for (const entry of entries) {
    if (entry.status === 501) gaps.set(gapOf(entry), (gaps.get(gapOf(entry)) ?? 0) + 1)
  }
  drawGaps()
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

/** The resources that are drawn. @type {unknown} */
let drawnState

const look = async () => {
  const [state, leftovers, health, connection, { faults }, { pending }] = await Promise.all([
    ...['state', 'leftovers'].map((path) => askIfChanged(path)),
    ...['health', 'connection', 'faults', 'transitions'].map((path) => ask(path)),
  ])
  at('about').textContent = `${health.version} at ${location.origin}`
  drawClock(health.clock)
  drawConnection(connection)
  drawTransitions(pending, state, health.clock.mode)
  if (state !== drawnState) {
    drawGraph(state)
    drawKinds(state, leftovers)
    drawnState = state
  }
  drawFaults(faults)
  await drawJournal(state)
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

/** @param {string} method @param {string} path @param {unknown} body @param {string} done */
const order = async (method, path, body, done) => {
  try {
    await ask(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    await refresh()
    say(done)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), true)
  }
}

at('advance').addEventListener('click', ({ target }) => {
  const step = target instanceof HTMLElement ? target.dataset['advance'] : undefined
  if (step) order('POST', 'clock', { advance: step }, `The clock was advanced by ${step}.`)
})
at('mode-switch').addEventListener('click', () => {
  const mode = at('mode-switch').dataset['mode']
  order('POST', 'clock', { mode }, `The clock is ${mode} now.`)
})
at('reset').addEventListener('click', () => {
  if (!confirm('Back to the seed? State, journal and fault rules are lost.')) return
  order('POST', 'reset', {}, 'The cloud is back at its seed.')
})
const presets = /** @type {HTMLSelectElement} */ (at('preset'))
const describePreset = () => {
  at('preset-about').textContent = presets.selectedOptions[0]?.dataset['about'] ?? ''
}
presets.addEventListener('change', describePreset)
at('add-preset').addEventListener('submit', (event) => {
  event.preventDefault()
  order('POST', 'faults', { preset: presets.value }, `The preset ${presets.value} is added.`)
})
const listPresets = async () => {
  for (const [name, { about }] of Object.entries(await ask('presets'))) {
    presets.append(make('option', { value: name, 'data-about': about }, name))
  }
  describePreset()
}

filter.addEventListener('input', () => {
  for (const row of at('journal').children) applyFilter(/** @type {HTMLElement} */ (row))
})

listPresets().catch(() => undefined) // the poll says that the cloud does not answer
poll()
