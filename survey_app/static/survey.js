// Keeps every answer on this device at once and brings it to the server when there is a way.
// The service worker loads this file too, for the first part alone. One statement a line, no text over lines:
// the program strips comments and indentation (web/respondent/script.py).
'use strict';
(self => {
  const doc = self.document;
  const PATIENCE = 6000;
  const AGAIN = 20000;
  const GIVE_UP = 15000;
  const AGED = 30 * 864e5;
  const parts = ['responses', 'saves', 'packs'];

  // ---- the device: responses by token, saves by token and number, packs of screens by address

  const asked = request => new Promise((ok, no) => {
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });
  const open = () => {
    const request = indexedDB.open('survey', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('responses', { keyPath: 'token' });
      request.result.createObjectStore('saves', { keyPath: ['token', 'number'] });
      request.result.createObjectStore('packs', { keyPath: 'url' });
    };
    return asked(request);
  };
  const within = async work => {
    const db = await open();
    try {
      const t = db.transaction(parts, 'readwrite', { durability: 'strict' });
      const done = new Promise((ok, no) => {
        t.oncomplete = ok;
        t.onabort = () => no(t.error);
      });
      done.catch(() => 0);
      const result = await work(...parts.map(name => t.objectStore(name))).catch(error => {
        t.abort();
        throw error;
      });
      await done;
      return result;
    } finally {
      db.close();
    }
  };
  const all = token => IDBKeyRange.bound([token, 0], [token, Infinity]);
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map(n => (256 + n).toString(16).slice(1)).join('');
  const forget = async (token, responses, saves) => {
    await asked(saves.delete(all(token)));
    await asked(responses.delete(token));
  };

  // ---- the way: one flush at a time, and nothing breaks if there are two

  const post = async (response, list) => {
    const sent = list.map(({ number, screen, language, how, answers, pace }) => ({ number, screen, language, how, answers, pace }));
    const body = JSON.stringify({ token: response.token, device: response.device, saves: sent });
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), GIVE_UP);
    try {
      const answer = await fetch('/s/api/saves', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        credentials: 'omit',
        keepalive: body.length < 6e4,
        signal: stop.signal,
        body
      });
      const later = answer.status > 499 || answer.status === 408 || answer.status === 429;
      const said = await answer.json();
      if (later) throw said;
      return Object.assign(said, { ok: answer.ok });
    } finally {
      clearTimeout(timer);
    }
  };
  const apply = (token, list, answer) => within(async (responses, saves) => {
    const r = await asked(responses.get(token));
    if (!r) return;
    if (!answer.ok) {
      if (Date.now() - r.at > AGED) return forget(token, responses, saves);
      r.refused = answer;
      responses.put(r);
      return;
    }
    let rest = await asked(saves.getAll(all(token)));
    rest.filter(save => save.number <= answer.kept).forEach(save => saves.delete([token, save.number]));
    rest = rest.filter(save => save.number > answer.kept);
    if (answer.gap) {
      // The server does not know what came before: begin to count anew.
      await asked(saves.delete(all(token)));
      r.device = random();
      rest.forEach((save, n) => saves.put(Object.assign(save, { number: n + 1 })));
      r.number = rest.length;
    }
    const newest = {};
    list.concat(rest).forEach(save => { newest[save.screen] = save.number; });
    list.forEach(save => {
      if (newest[save.screen] !== save.number || save.number > answer.kept) return;
      delete r.problems[save.screen];
      if (answer.problems[save.number]) r.problems[save.screen] = answer.problems[save.number];
    });
    r.refused = null;
    r.next = answer.next;
    r.status = answer.status;
    const over = answer.status !== 'draft' || answer.next.startsWith('end/');
    if (over && !rest.length && !Object.keys(r.problems).length) return forget(token, responses, saves);
    responses.put(r);
  });
  const last = {};
  const deliver = async token => {
    for (let turn = 0; turn < 50; turn++) {
      const [response, list] = await within(async (responses, saves) => {
        const waiting = await asked(saves.getAll(all(token), 50));
        waiting.forEach(save => saves.put(Object.assign(save, { tried: 1 })));
        return [await asked(responses.get(token)), waiting];
      });
      if (!response || !list.length) return;
      const answer = last[token] = await post(response, list);
      await apply(token, list, answer);
      if (!answer.ok) return;
    }
  };
  const flush = () => {
    const run = async () => {
      const tokens = await within(responses => asked(responses.getAllKeys()));
      let failed;
      for (const token of tokens) await deliver(token).catch(error => { failed = error; });
      if (failed) throw failed;
    };
    return navigator.locks ? navigator.locks.request('survey-flush', run) : run();
  };
  self.survey = { flush };
  if (!doc) return;

  // ---- the page

  const html = doc.documentElement;
  const $ = (selector, root) => (root || doc).querySelector(selector);
  const $$ = (selector, root) => [...(root || doc).querySelectorAll(selector)];
  const sleep = ms => new Promise(ok => setTimeout(ok, ms));
  let S; // the state of the page, from the server
  let R; // the response, as this device knows it
  let P; // all screens
  let me = random(); // this page: only it may replace a save of its own that was not sent
  let unsent = [];
  let dirty = 0;
  let busy = 0;
  let down = 0;
  let drawn = 0;
  let then = 0;
  let timer = 0;
  let writing = Promise.resolve();
  let sight = 0;
  let since = performance.now();

  const say = (key, more) => {
    const line = $('#kept');
    const text = [S.t[key]].concat(more || []).join(' ');
    if (line && line.textContent !== text) line.textContent = text;
  };
  const form = () => $('#f');
  const typed = () => {
    const raw = {};
    if (form()) for (const [name, value] of new FormData(form())) (raw[name] = raw[name] || []).push(value);
    return raw;
  };
  const filled = raw => {
    const found = {};
    Object.keys(raw).forEach(name => { if (raw[name].some(text => text.trim())) found[name] = raw[name]; });
    return found;
  };
  const layer = (known, { screen, how, answers }) => {
    const old = known[screen];
    delete known[screen];
    if (!screen) return;
    known[screen] = how === 'partly' && old ? { how: old.how, raw: Object.assign({}, old.raw, filled(answers)) } : { how, raw: answers };
  };
  const here = async responses => {
    for (const other of await asked(responses.getAll())) {
      if (other.here && other.token !== S.token) responses.put(Object.assign(other, { here: 0 }));
    }
  };

  const keep = (how, answers, pace) => {
    const work = within(async (responses, saves) => {
      let r = await asked(responses.get(S.token));
      if (!r) {
        await here(responses);
        r = { token: S.token, device: random(), number: 0, base: S.answers, known: {}, problems: {}, here: 1, state: S };
      }
      const before = r.number && await asked(saves.get([S.token, r.number]));
      const again = before && !before.tried && before.by === me && before.how === 'partly' && before.screen === S.screen;
      if (!again) r.number++;
      const screen = how === 'send' || how === 'stop' ? '' : S.screen;
      const save = { token: S.token, number: r.number, screen, language: S.language, how, answers, pace, by: me };
      saves.put(save);
      layer(r.known, save);
      delete r.problems[screen];
      r.at = Date.now();
      r.look = html.className;
      responses.put(r);
      R = r;
      unsent = unsent.filter(one => one.number !== save.number).concat(save);
    });
    return Promise.race([work, sleep(3000).then(() => { throw 0; })]);
  };
  const settle = async () => {
    const [r, waiting] = await within(async (responses, saves) => [
      await asked(responses.get(S.token)),
      await asked(saves.getAll(all(S.token)))
    ]);
    const had = unsent.length;
    R = r || R;
    unsent = waiting;
    const problem = r && Object.values(Object.values(r.problems)[0] || {})[0];
    if (r && r.refused) say('not_kept', [r.refused.sentence, r.refused.do]);
    else if (waiting.length) say(down ? 'wait' : 'here');
    else if (problem) say('not_kept', problem);
    else if (had || R) say('with_us');
    const state = { done: !waiting.length, r, next: (r || last[S.token] || {}).next };
    if (state.done && then) {
      const go = then;
      then = 0;
      go(state);
    }
    return state;
  };
  const sync = async () => {
    clearTimeout(timer);
    try {
      await flush();
      down = 0;
    } catch (error) {
      down = 1;
    }
    return S && settle();
  };
  const autosave = () => {
    dirty = 1;
    writing = writing.then(() => {
      if (!dirty || busy) return;
      dirty = 0;
      return keep('partly', typed()).then(() => say(down ? 'wait' : 'here'));
    }).catch(() => 0);
    clearTimeout(timer);
    timer = setTimeout(sync, 2000);
  };

  // ---- the way on

  const from = () => new URLSearchParams(location.search).get('from');
  const visit = path => {
    const address = S.base + path;
    if (drawn && P && down) return draw(path, 1);
    location.assign(address);
    setTimeout(() => { busy = 0; }, 2 * PATIENCE);
  };
  const native = button => {
    const f = form() || $('main form');
    f.append(Object.assign(doc.createElement('input'), { type: 'hidden', name: 'go', value: button }));
    f.submit();
  };
  const marks = problems => {
    $$('.msg.js').forEach(node => node.remove());
    $$('.err').forEach(node => node.classList.remove('err'));
    let first;
    Object.keys(problems || {}).forEach(item => {
      const box = $(`#f-${item}`);
      if (!box) return;
      const line = Object.assign(doc.createElement('p'), { className: 'msg js', id: `e-${item}` });
      line.textContent = `${S.t.error}: ${problems[item]}`;
      const head = $('legend', box) || $('.legend,h1', box);
      if (head) head.after(line); else box.prepend(line);
      box.classList.add('err');
      box.setAttribute('aria-describedby', line.id);
      first = first || $('input,select,textarea', box);
    });
    if (first) first.focus();
    return first;
  };
  const ways = {
    back: () => from() ? 'go' : S.back,
    pause: () => `pause?at=${S.screen}`,
    stop: () => `stop?at=${S.screen}`,
    resume: () => 'go'
  };
  const press = async button => {
    const language = button.startsWith('language-') && button.slice(9);
    const moves = ['next', 'skip', 'send', 'part'].includes(button);
    const how = button === 'part' ? 'stop' : moves ? button : 'partly';
    const raw = button === 'skip' || how === 'send' || how === 'stop' ? {} : typed();
    await writing;
    if (button === 'next' && P && marks(checked(raw))) return;
    if (moves || dirty) await keep(how, raw, button === 'next' && !S.seen ? bucket() : undefined);
    dirty = 0;
    say('here');
    let result = await Promise.race([sync(), sleep(down ? 100 : PATIENCE)]);
    const path = state => {
      if (language) return location.assign(S.base.replace(/[^/]+\/$/, `${language}/`) + (location.pathname + location.search).slice(S.base.length));
      const wrong = state.r && Object.keys(state.r.problems)[0];
      if (wrong && moves && wrong !== S.screen) return visit(`q/${wrong}`);
      if (wrong && button === 'next') return marks(state.r.problems[wrong]);
      visit(ways[button] ? ways[button]() : from() && how !== 'send' ? 'go' : state.next || 'go');
    };
    if (result && result.done) return path(result);
    down = 1;
    if (language) return say('no_language');
    if (await pack().catch(() => 0)) return local(button);
    say('wait');
    then = path;
  };
  doc.addEventListener('submit', async event => {
    const f = event.target;
    const button = (event.submitter || {}).value || f.dataset.go || 'next';
    if (/\/left\//.test(f.action)) return leave(event);
    if (!S || f.method !== 'post' || !(f.id === 'f' || f.dataset.go)) return;
    event.preventDefault();
    if (busy) return;
    busy = 1;
    then = 0;
    try {
      await press(button);
    } catch (error) {
      return native(button);
    }
    if (!then) setTimeout(() => { busy = 0; }, 400);
    else busy = 0;
  });

  // ---- all screens on the device: what is asked, what comes next, what is wrong

  const pack = async () => {
    if (P) return P;
    let found = await within((responses, saves, packs) => asked(packs.get(S.pack)));
    if (!found) {
      const answer = await Promise.race([fetch(S.pack), sleep(GIVE_UP)]);
      if (!answer || !answer.ok) throw answer;
      found = { url: S.pack, pack: await answer.json() };
      await within(async (responses, saves, packs) => {
        const used = (await asked(responses.getAll())).map(r => r.state.pack);
        (await asked(packs.getAllKeys())).forEach(url => { if (!used.includes(url)) packs.delete(url); });
        packs.put(found);
      });
    }
    P = found.pack;
    return P;
  };
  const holds = (rule, value) => {
    const [op, name, to] = rule;
    const parts = rule.slice(1);
    if (op === 'and') return parts.every(part => holds(part, value));
    if (op === 'or') return parts.some(part => holds(part, value));
    if (op === 'not') return !holds(name, value);
    const given = value(name);
    if (given === undefined || given === null || given.missing) return false;
    const list = [].concat(given);
    const [one] = list;
    switch (op) {
      case 'val': return true;
      case 'in': return to.some(code => list.includes(code));
      case 'is': return one === to;
      case 'no': return list[1] !== undefined || one !== to;
      case '==': return +one === to;
      case '!=': return +one !== to;
      case '>=': return one >= to;
      case '<=': return one <= to;
      case '>': return one > to;
      default: return one < to;
    }
  };
  const given = answers => name => name === 'stage' ? answers[P.stage] : name === 'wave' ? S.wave : answers[name];
  const shown = (screen, answers) => {
    const role = answers[P.role];
    const module = P.modules[screen.module];
    if (typeof role === 'string' && !module.all && !module.roles.includes(role)) return [];
    return screen.items.filter(id => !P.items[id].if || holds(P.items[id].if, given(answers)));
  };
  const prune = answers => {
    const left = Object.assign({}, answers);
    P.screens.forEach(screen => {
      const seen = shown(screen, left);
      screen.items.forEach(id => { if (!seen.includes(id)) delete left[id]; });
    });
    return left;
  };
  const place = id => P.screens.findIndex(screen => screen.id === id);
  const after = (id, answers) => P.screens.slice(place(id) + 1).find(screen => shown(screen, answers).length);
  const before = (id, answers) => P.screens.slice(0, place(id)).reverse().find(screen => shown(screen, answers).length);
  const first = answers => P.screens.find(screen => shown(screen, answers).some(id => P.items[id].k !== 'note' && !(id in answers)));
  const route = (screen, answers) => {
    const item = screen.items.map(id => P.items[id]).find(one => one.route && holds(one.route[0], given(answers)));
    return item && item.route[1];
  };
  const names = id => {
    const item = P.items[id];
    if (item.k === 'pair') return [id, `${id}.best`, `${id}.worst`];
    return [id].concat(item.k === 'rank' ? item.codes.map(code => `${id}.${code}`) : []);
  };
  const strings = (id, value) => {
    const { k } = P.items[id];
    if (value === undefined || value === false) return {};
    if (value.missing) return value.missing === 'prefer_not' ? { [id]: ['prefer_not'] } : {};
    if (k === 'pair') return { [`${id}.best`]: [value[1]], [`${id}.worst`]: [value[2]] };
    if (k === 'rank') return Object.assign({}, ...value.map((code, n) => ({ [`${id}.${code}`]: [`${n + 1}`] })));
    return { [id]: value === true ? ['yes'] : [].concat(value).map(String) };
  };
  const western = text => text.replace(/[٠-٩۰-۹]/g, digit => digit.charCodeAt(0) % 16);
  // [value], or [, what is wrong]
  const read = (id, raw) => {
    const item = P.items[id];
    const sent = name => (raw[name] || []).map(text => text.trim()).filter(text => text);
    const got = sent(id);
    const nothing = [{ missing: 'not_answered' }];
    if (item.k === 'yes') return got.includes('yes') ? [true] : item.need ? [0, item.need] : [false];
    if (got.includes('prefer_not') && !item.need) return [{ missing: 'prefer_not' }];
    if (item.k === 'pair') {
      const [best, worst] = names(id).slice(1).map(name => sent(name)[0]);
      if (!best && !worst) return nothing;
      if (!best || !worst) return [0, item.half];
      return best === worst ? [0, item.same] : [[S.lists[id][0], best, worst]];
    }
    if (item.k === 'rank') {
      const at = {};
      for (const code of item.codes) {
        const [rank] = sent(`${id}.${code}`);
        if (at[rank]) return [0, item.twice.replace('{place}', rank)];
        if (rank) at[rank] = code;
      }
      const list = Object.values(at);
      const gap = list.findIndex((code, n) => !at[n + 1]);
      if (gap >= 0) return [0, item.gap.replace('{place}', gap + 1)];
      return list.length ? [list] : nothing;
    }
    const [one] = got;
    if (!one) return item.need ? [0, item.need] : nothing;
    if (item.k === 'many') {
      const chosen = item.codes.filter(code => got.includes(code));
      const alone = chosen.find(code => item.alone[code]);
      if (alone && chosen.length > 1) return [0, item.alone[alone]];
      return item.max && chosen.length > item.max ? [0, item.over] : [chosen];
    }
    if (item.k === 'rating') return [+one];
    if (item.k === 'number') {
      const plain = western(one);
      if (!/^[+-]?\d+$/.test(plain)) return [0, item.nan];
      return +plain < item.low || +plain > item.high ? [0, item.range] : [+plain];
    }
    if (item.k === 'day') {
      const day = western(one);
      const whole = item.month ? `${day}-01` : day;
      const good = /^\d{4}-\d\d-\d\d$/.test(whole) && whole.slice(0, 4) >= item.year;
      const time = good && new Date(`${whole}T00:00:00Z`);
      return time && !isNaN(time) && time.toISOString().startsWith(whole) ? [day] : [0, item.wrong];
    }
    if (item.k === 'text') {
      const text = got.join('\n');
      const { length } = [...text];
      return length > item.limit ? [0, item.long.replace('{length}', length).replace('{limit}', item.limit)] : [text];
    }
    return [one];
  };
  const answers = () => {
    const known = Object.assign({}, S.answers, R && R.base);
    Object.keys(R ? R.known : {}).forEach(screen => {
      const { how, raw } = R.known[screen];
      if (place(screen) < 0) return;
      shown(P.screens[place(screen)], known).forEach(id => {
        if (P.items[id].k === 'note' || how === 'partly' && !names(id).some(name => (raw[name] || []).join('').trim())) return;
        const [value, wrong] = read(id, raw);
        if (!wrong) known[id] = value;
      });
    });
    return prune(known);
  };
  const checked = raw => {
    const wrong = {};
    const screen = P.screens[place(S.screen)];
    if (screen) shown(screen, answers()).forEach(id => {
      const [, sentence] = P.items[id].k === 'note' ? [] : read(id, raw);
      if (sentence) wrong[id] = sentence;
    });
    return wrong;
  };

  // ---- drawing

  const fill = raw => [...form().elements].forEach(field => {
    const sent = raw[field.name] || [];
    if (!field.name || field.name === 'go') return;
    if (/radio|checkbox/.test(field.type)) field.checked = sent.includes(field.value);
    else field.value = sent.filter(text => text !== 'prefer_not').join('\n');
  });
  const emphasise = () => {
    const raw = typed();
    const value = name => {
      if ($(`[name="${name}"]`)) return raw[name] && !raw[name].includes('prefer_not') ? raw[name] : undefined;
      return P ? given(answers())(name) : S.answers[name];
    };
    $$('[data-emphasise]').forEach(box => {
      const loud = holds(JSON.parse(box.dataset.emphasise), value);
      if (box.loud === undefined) box.loud = box.classList.contains('out') && !loud;
      box.classList.toggle('out', loud || box.loud);
    });
  };
  const dress = (screen, known) => {
    const role = known[P.role];
    const seen = shown(screen, known);
    $('#screen').innerHTML = screen.html[role] || screen.html[''];
    screen.items.filter(id => !seen.includes(id)).forEach(id => {
      const box = $(`#f-${id}`);
      if (!box) return;
      if ((box.previousElementSibling || {}).className === 'stem') box.previousElementSibling.remove();
      box.remove();
    });
    const above = (className, text) => {
      if (text) $('#screen').prepend(Object.assign(doc.createElement('p'), { className, textContent: text }));
    };
    const module = P.modules[screen.module];
    const stage = known[P.stage];
    above('recall', seen.map(id => P.heads[P.items[id].recall][role || ''][stage || '']).find(text => text));
    above('intro', P.screens.find(one => one.module === screen.module && shown(one, known).length) === screen && module.intro);
    $$(`[name="${P.stage}"]`).forEach(field => { if (!S.stages.includes(field.value)) field.closest('label').remove(); });
    seen.filter(id => P.items[id].k === 'pair').forEach(id => ['best', 'worst'].forEach(end => {
      const fields = $$(`[name="${id}.${end}"]`);
      const list = fields[0].closest('.opts');
      const label = code => fields.find(field => field.value === code).closest('label');
      list.replaceChildren(...S.lists[id][1].map(label));
    }));
    const asking = P.screens.filter(one => shown(one, known).length);
    $('#place').textContent = P.progress.replace('{number}', asking.indexOf(screen) + 1).replace('{count}', asking.length);
    $('#part').textContent = module.title;
    Object.assign($('progress'), { value: asking.indexOf(screen) + 1, max: asking.length });
    form().insertAdjacentHTML('afterend', screen.boxes);
    const last = before(screen.id, known);
    if (last) {
      const held = doc.createElement('div');
      held.innerHTML = last.boxes;
      $$('[data-emphasise]', held).filter(box => holds(JSON.parse(box.dataset.emphasise), given(known))).forEach(box => {
        const same = $$('aside').find(other => other.getAttribute('aria-label') === box.getAttribute('aria-label'));
        if (same) same.classList.add('out');
        else form().before(box);
        box.classList.add('out');
        delete box.dataset.emphasise;
      });
    } else $('[value=back]', form()).remove();
    if (!screen.skip) $('[value=skip]', form()).remove();
    S.back = last ? `q/${last.id}` : '';
    fill(Object.assign({}, ...seen.map(id => strings(id, known[id])), (R.known[screen.id] || {}).raw));
  };
  const draw = (path, push) => {
    const known = answers();
    const kind = path.split('?')[0];
    let screen = kind.startsWith('q/') && P.screens[place(kind.slice(2))];
    if (screen && !shown(screen, known).length) screen = after(screen.id, known);
    if (!screen && !P.pages[kind]) screen = first(known);
    const where = screen ? `q/${screen.id}` : P.pages[kind] ? kind : 'review';
    const main = $('#main');
    main.innerHTML = screen ? P.main : P.pages[where];
    S.screen = screen ? screen.id : '';
    if (screen) dress(screen, known);
    drawn = 1;
    dirty = 0;
    busy = 0;
    since = performance.now();
    sight = 0;
    if (push) history.pushState(0, '', S.base + where);
    doc.title = `${$('h1,legend,.legend', main).textContent} – ${P.title}`;
    scrollTo(0, 0);
    main.focus();
    ready();
    settle();
  };
  const local = button => {
    const known = answers();
    if (button === 'pause' || button === 'stop') return draw(button, 1);
    if (button === 'send' || button === 'part') return draw('thanks', 1);
    if (button === 'back') {
      const last = S.screen ? before(S.screen, known) : P.screens.filter(screen => shown(screen, known).length).pop();
      return draw(last ? `q/${last.id}` : 'go', 1);
    }
    const moves = button === 'next' || button === 'skip';
    const screen = moves && P.screens[place(S.screen)];
    const end = screen && route(screen, known);
    const next = screen && !from() && after(screen.id, known);
    if (end) return draw(`end/${end}`, 1);
    return draw(next ? `q/${next.id}` : moves && !from() ? 'review' : 'go', 1);
  };

  // ---- beside the answers

  const bucket = () => {
    const seconds = (sight + (doc.hidden ? 0 : performance.now() - since)) / 1000;
    return Math.min(25, Math.ceil(3 * Math.log2(Math.max(1, seconds))));
  };
  const voices = self.speechSynthesis;
  const listen = () => {
    const button = $('#read');
    if (!button || !voices) return;
    const voice = () => voices.getVoices().find(one => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === html.lang);
    const label = button.textContent;
    const show = () => { button.hidden = !voice(); };
    const quiet = () => { button.textContent = label; };
    show();
    voices.onvoiceschanged = show;
    button.onclick = () => {
      if (button.textContent !== label) {
        voices.cancel();
        return quiet();
      }
      button.textContent = S.t.read_stop;
      const said = $$('.intro,.recall,.stem,h1,legend,.legend,.hint,.ends,.opt span', $('#screen')).map(node => node.textContent.trim());
      [...new Set(said)].forEach((text, n, all) => {
        const speech = Object.assign(new SpeechSynthesisUtterance(text), { lang: html.lang, voice: voice(), rate: 0.9 });
        if (n === all.length - 1) speech.onend = quiet;
        voices.speak(speech);
      });
    };
  };
  const ready = () => {
    emphasise();
    listen();
  };
  const arm = () => {
    const { serviceWorker } = navigator;
    if (serviceWorker) serviceWorker.register('/s/sw.js', { scope: '/s/' }).then(found => found.sync && found.sync.register('flush')).catch(() => 0);
    if (S) pack().catch(() => 0);
  };
  const idle = self.requestIdleCallback || (work => setTimeout(work, 1000));
  const wipe = async () => {
    await within(async (...stores) => stores.forEach(store => store.clear()));
    if (self.caches) for (const name of await caches.keys()) await caches.delete(name);
    if (navigator.serviceWorker) for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  };
  const leave = async event => {
    event.preventDefault();
    try {
      await Promise.race([sync(), sleep(3000)]);
      const [r, waiting] = await within(async (responses, saves) => [(await asked(responses.getAll()))[0], await asked(saves.count())]);
      if (waiting && !confirm(r.state.t.only_here)) return;
      await wipe();
    } catch (error) {
      // without storage there is nothing to remove
    }
    event.target.submit();
  };

  // ---- what happens

  doc.addEventListener('input', event => {
    if (!S || !S.screen || event.target.form !== form()) return;
    autosave();
    emphasise();
  });
  doc.addEventListener('click', event => {
    const field = event.target;
    const alone = field.type === 'radio' && $$('#screen fieldset').length === 1 && $$('#screen .typed').length === 0;
    // detail is 0 when a key chose: arrows walk through the answers
    if (S && html.hasAttribute('data-advance') && alone && event.detail) setTimeout(() => $('button.go', form()).click(), 500);
  });
  doc.addEventListener('visibilitychange', () => {
    if (doc.hidden) sight += performance.now() - since;
    since = performance.now();
    if (unsent.length || R) sync();
  });
  self.addEventListener('pagehide', () => {
    if (voices) voices.cancel();
    if (!R || !unsent.length) return;
    me = random();
    post(R, unsent).catch(() => 0);
  });
  self.addEventListener('pageshow', event => {
    busy = 0;
    if (event.persisted && S) location.reload();
  });
  self.addEventListener('online', sync);
  self.addEventListener('popstate', () => {
    if (drawn && P) draw((location.pathname + location.search).slice(S.base.length));
    else location.reload();
  });
  setInterval(() => { if (unsent.length) sync(); }, AGAIN);

  const meet = () => within(async (responses, saves) => {
    for (const other of await asked(responses.getAll())) {
      const [waiting] = await asked(saves.getAll(all(other.token), 1));
      if (!waiting && other.token !== S.token && Date.now() - other.at > AGED) await forget(other.token, responses, saves);
    }
    const r = await asked(responses.get(S.token));
    if (!r) return;
    await here(responses);
    const known = {};
    Object.keys(r.problems).forEach(screen => { if (r.known[screen]) known[screen] = r.known[screen]; });
    unsent = await asked(saves.getAll(all(S.token)));
    unsent.forEach(save => layer(known, save));
    responses.put(Object.assign(r, { base: S.answers, known, state: S, here: 1, look: html.className, refused: null }));
    R = r;
  });
  const fromDevice = async () => {
    const [, study, language] = location.pathname.match(/^\/s\/(\w+)\/(\w+)\//) || [];
    const found = await within(responses => asked(responses.getAll())).catch(() => []);
    R = found.find(r => r.here && r.state.base.startsWith(`/s/${study}/`));
    const words = JSON.parse($('#words').textContent);
    if (R) {
      S = R.state;
      down = 1;
      await pack().catch(() => 0);
    }
    const { dir, shell_title, shell_text, shell_again } = P ? P : words[language] || words.en;
    html.lang = P ? S.language : words[language] ? language : 'en';
    html.dir = dir;
    if (!P) {
      $('#main').innerHTML = '<h1></h1><p></p><p><a class="go"></a></p>';
      $('h1').textContent = doc.title = shell_title;
      $('p').textContent = shell_text;
      Object.assign($('a'), { textContent: shell_again, href: location.href });
      return;
    }
    html.className = R.look;
    const main = $('#main');
    doc.body.innerHTML = '';
    doc.body.append(main);
    main.insertAdjacentHTML('beforebegin', P.before);
    main.insertAdjacentHTML('afterend', P.after);
    draw((location.pathname + location.search).slice(S.base.length));
    sync();
  };
  const begin = async () => {
    if (html.hasAttribute('data-shell')) return fromDevice();
    const state = $('#state');
    const code = $('#code');
    if (code && location.hash) {
      code.value = location.hash.slice(1);
      history.replaceState(0, '', location.pathname + location.search);
    }
    if (!state) {
      if (/\/code$/.test(location.pathname)) idle(arm);
      return flush().catch(() => 0);
    }
    S = JSON.parse(state.textContent);
    ready();
    if (/\/code$/.test(location.pathname)) idle(arm);
    await meet();
    if (!R) return;
    const known = R.known[S.screen];
    if (known && form()) fill(Object.assign({}, typed(), known.raw));
    if (known) marks(R.problems[S.screen]);
    emphasise();
    if (unsent.length) sync();
    else settle();
    idle(arm);
  };
  begin().catch(() => 0);
})(self);
