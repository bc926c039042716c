// Keeps every answer on this device at once and brings it to the server when there is a way.
// The service worker loads this file too, for its first part; `screens.js` draws pages when there is no network.
// The program strips comments and indentation (web/respondent/script.py): no text goes over several lines.
'use strict';
(self => {
  const doc = self.document;
  const PATIENCE = 6000;
  const AGED = 30 * 864e5;

  // ---- the device: responses by token, saves by token and number, packs of screens by address

  const STORES = ['responses', 'saves', 'packs'];
  const asked = request => new Promise((ok, no) => {
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });
  const within = async work => {
    const request = indexedDB.open('survey', 1);
    request.onupgradeneeded = () => ['token', ['token', 'number'], 'url'].forEach((keyPath, n) => request.result.createObjectStore(STORES[n], { keyPath }));
    const db = await asked(request);
    try {
      const t = db.transaction(STORES, 'readwrite', { durability: 'strict' });
      const done = new Promise((ok, no) => {
        t.oncomplete = ok;
        t.onabort = () => no(t.error);
      });
      done.catch(() => 0);
      const result = await work(...STORES.map(name => t.objectStore(name)));
      await done;
      return result;
    } finally {
      db.close();
    }
  };
  const all = token => IDBKeyRange.bound([token, 0], [token, Infinity]);
  const random = () => crypto.getRandomValues(new Uint32Array(4)).join('-').slice(0, 40);
  const forget = (token, responses, saves) => {
    saves.delete(all(token));
    responses.delete(token);
  };

  // ---- the way: one flush at a time, and nothing breaks if there are two

  const last = {};
  const post = async (response, list) => {
    const saves = list.map(({ number, screen, language, how, answers, pace }) => ({ number, screen, language, how, answers, pace }));
    const body = JSON.stringify({ token: response.token, device: response.device, saves });
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 15000);
    try {
      const answer = await fetch('/s/api/saves', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        credentials: 'omit',
        keepalive: body.length < 6e4,
        signal: stop.signal,
        body
      });
      const { ok, status } = answer;
      const said = await answer.json();
      if (status > 499 || [408, 429].includes(status)) throw said;
      return Object.assign(said, { ok, http: status });
    } finally {
      clearTimeout(timer);
    }
  };
  const apply = (token, list, answer) => within(async (responses, saves) => {
    const r = await asked(responses.get(token));
    if (!r) return;
    if (!answer.ok) {
      if (answer.http === 410 || Date.now() - r.at > AGED) {
        // There is nothing any more to add to: deleted, ended, or too old. Nothing of it stays here either.
        last[token] = { refused: answer, problems: {}, known: {} };
        return forget(token, responses, saves);
      }
      const [save] = list;
      r.refused = answer;
      if ([400, 413, 422].includes(answer.http)) {
        // Find the one that cannot be taken, and let those behind it pass: its words stay in `known` and on the page.
        r.single = list.length > 1;
        if (!r.single) {
          saves.put(Object.assign(save, { how: 'partly', answers: {}, hollow: 1 }));
          r.problems[save.screen] = { '': answer.do };
          r.refused = 0;
        }
        answer.ok = 1;
      }
      responses.put(r);
      return;
    }
    const rest = (await asked(saves.getAll(all(token)))).filter(save => save.number > answer.kept);
    saves.delete(IDBKeyRange.bound([token, 0], [token, answer.kept]));
    if (answer.gap) {
      // The server does not know what came before: count anew under another name.
      saves.delete(all(token));
      r.device = random();
      r.number = rest.length;
      rest.forEach((save, n) => saves.put(Object.assign(save, { number: n + 1 })));
    } else {
      list.filter(save => save.number <= answer.kept).forEach(save => {
        if (save.hollow || rest.some(later => later.screen === save.screen)) return;
        delete r.problems[save.screen];
        const problems = answer.problems[save.number];
        if (problems) r.problems[save.screen] = problems;
      });
      r.next = answer.rest ? `rest?at=${answer.next.slice(2)}` : answer.next;
      r.plain = answer.next;
      r.status = answer.status;
      r.refused = 0;
    }
    last[token] = r;
    if (answer.status !== 'draft' && !rest.length && !Object.keys(r.problems).length) return forget(token, responses, saves);
    responses.put(r);
  });
  const deliver = async token => {
    for (let turn = 0; turn < 50; turn++) {
      const [response, list] = await within(async (responses, saves) => {
        const r = await asked(responses.get(token));
        const waiting = await asked(saves.getAll(all(token), r && r.single ? 1 : 50));
        let size = 0;
        const some = waiting.filter((save, n) => (size += JSON.stringify(save).length) < 2e4 || !n);
        some.forEach(save => saves.put(Object.assign(save, { tried: 1 })));
        return [r, some];
      });
      if (!response || !list.length) return;
      const answer = await post(response, list);
      await apply(token, list, answer);
      if (!answer.ok) return;
    }
  };
  const flush = () => {
    const run = async () => {
      let failed;
      for (const token of await within(responses => asked(responses.getAllKeys()))) {
        await deliver(token).catch(error => { failed = error || 1; });
      }
      if (failed) throw failed;
    };
    return navigator.locks ? navigator.locks.request('survey', run) : run();
  };
  // state: of the page, from the server. response: as this device knows it. pack: all screens.
  const my = self.survey = { flush, within, asked, sleep: ms => new Promise(ok => setTimeout(ok, ms)) };
  if (!doc) return;

  // ---- the page

  const html = doc.documentElement;
  const $ = my.$ = (selector, root) => (root || doc).querySelector(selector);
  const $$ = my.$$ = (selector, root) => [...(root || doc).querySelectorAll(selector)];
  const form = my.form = () => $('#f');
  // Only this page may replace a save of its own that was not sent.
  let me = random();
  let unsent = [];
  let dirty = 0;
  let busy = 0;
  let then = 0;
  let timer = 0;
  let writing = Promise.resolve();
  let sight = 0;
  let since = 0;
  let leaving = 0;
  let calm = 0;
  let twice;
  let at;
  const fresh = () => {
    dirty = sight = 0;
    at = location.pathname;
    since = performance.now();
  };
  const say = (key, ...more) => {
    const line = $('#kept');
    const text = [my.state.t[key], ...more].join(' ');
    if (line && line.textContent !== text) line.textContent = text;
  };
  const typed = my.typed = () => {
    const raw = {};
    if (form()) for (const [name, value] of new FormData(form())) (raw[name] = raw[name] || []).push(value);
    return raw;
  };
  const filled = raw => {
    const found = {};
    Object.keys(raw).forEach(name => { if (raw[name].join('').trim()) found[name] = raw[name]; });
    return found;
  };
  const layer = (known, { screen, how, answers }) => {
    const old = known[screen];
    delete known[screen];
    if (screen) known[screen] = how === 'partly' && old ? { how: old.how, raw: Object.assign(old.raw, filled(answers)) } : { how, raw: answers };
  };
  const here = async responses => (await asked(responses.getAll())).forEach(other => {
    if (other.here && other.token !== my.state.token) responses.put(Object.assign(other, { here: 0 }));
  });
  const keep = (how, answers, pace) => Promise.race([within(async (responses, saves) => {
    const { token, language } = my.state;
    const screen = how === 'send' || how === 'stop' ? '' : my.state.screen;
    let r = await asked(responses.get(token));
    if (!r) {
      await here(responses);
      r = { token, device: random(), number: 0, base: my.state.answers, known: {}, problems: {}, here: 1, state: my.state };
    }
    const old = r.number && await asked(saves.get([token, r.number]));
    if (!old || old.tried || old.by !== me || old.how !== 'partly' || old.screen !== screen) r.number++;
    const save = { token, number: r.number, screen, language, how, answers, pace, by: me };
    saves.put(save);
    layer(r.known, save);
    delete r.problems[screen];
    responses.put(Object.assign(r, { at: Date.now(), look: html.className, closing: !screen }));
    my.response = r;
    unsent = unsent.filter(one => one.number !== save.number).concat(save);
  }), my.sleep(3000).then(() => { throw 0; })]);
  const settle = my.settle = async () => {
    const { token } = my.state;
    const [r, waiting] = await within(async (responses, saves) => [await asked(responses.get(token)), await asked(saves.getAll(all(token)))]);
    my.response = r || last[token] || my.response;
    unsent = waiting;
    const { refused, problems = {} } = my.response || {};
    const wrong = Object.keys(problems)[0];
    if (refused) say('not_kept', refused.sentence, refused.do);
    else if (waiting.length) say(my.down ? 'wait' : 'here');
    // What is wrong on this page is told beside the question; until then it may only be half written.
    else if (wrong === my.state.screen && !problems[wrong]['']) say('here');
    else if (wrong) say('not_kept', Object.values(problems[wrong])[0]);
    else if (my.response) say('with_us');
    const found = { done: !waiting.length, wrong, problems };
    // A last page that the device drew: now the true one.
    if (found.done && my.over && !my.down) location.reload();
    if (found.done && then) {
      const go = then;
      then = 0;
      go(found);
    }
    return found;
  };
  const sync = my.sync = async () => {
    clearTimeout(timer);
    try {
      await flush();
      my.down = 0;
    } catch (error) {
      my.down = 1;
    }
    return my.state && settle();
  };
  const autosave = () => {
    dirty = 1;
    writing = writing.then(async () => {
      if (!dirty) return;
      dirty = 0;
      await keep('partly', typed());
      say(my.down ? 'wait' : 'here');
    }).catch(() => 0);
    clearTimeout(timer);
    timer = setTimeout(sync, 2000);
  };

  // ---- the way on

  const review = () => new URLSearchParams(location.search).get('from');
  const visit = path => {
    if (my.drawn && my.down) return my.draw(path, 1);
    leaving = 1;
    location.assign(path[0] === '/' ? path : my.state.base + path);
    setTimeout(() => { leaving = busy = 0; }, 2 * PATIENCE);
  };
  const native = (target, value) => {
    target.append(Object.assign(doc.createElement('input'), { type: 'hidden', name: 'go', value }));
    target.submit();
  };
  const way = (button, found) => {
    const { base, language, screen, back, status } = my.state;
    const here = location.pathname + location.search;
    if (button.startsWith('language-')) return base.replace(/[^/]+\/$/, `${button.slice(9)}/`) + here.slice(base.length);
    if (button === 'display' || button === 'help') return `/s/${button}/${language}?to=${encodeURIComponent(here)}`;
    if (button === 'pause' || button === 'stop') return `${button}?at=${screen}`;
    if (button === 'send' || button === 'part') return 'thanks';
    if (status !== 'draft') return 'answers';
    if (review() || button === 'resume') return 'go';
    if (button === 'back') return back;
    const r = my.response || {};
    return (html.classList.contains('q1') ? r.next : r.plain) || 'go';
  };
  const press = async button => {
    const moves = ['next', 'skip', 'send', 'part'].includes(button);
    const raw = typed();
    await writing;
    if (button === 'next' && my.pack && my.marks(my.checked(raw))) return autosave();
    if (moves || dirty) {
      const how = button === 'part' ? 'stop' : moves ? button : 'partly';
      await keep(how, button === 'next' || !moves ? raw : {}, button === 'next' ? bucket() : undefined);
      say('here');
    }
    dirty = 0;
    const go = async found => {
      const own = found.problems[my.state.screen];
      if (own && button === 'next') {
        if (await screens()) my.marks(own);
      } else visit(moves && found.wrong && !own ? `q/${found.wrong}` : way(button, found));
    };
    const found = await Promise.race([sync(), my.sleep(my.down ? 100 : PATIENCE)]);
    if (found && found.done) return go(found);
    my.down = 1;
    if (button.startsWith('language-')) return say('no_language');
    if (button === 'display' || button === 'help') return say('wait');
    if (await Promise.race([screens(), my.sleep(2000)]).catch(() => 0)) return my.local(button);
    say('stay');
    then = go;
  };
  doc.addEventListener('submit', async event => {
    const target = event.target;
    if (/\/left\//.test(target.action)) return leave(event);
    if (!my.state || target !== form()) return;
    event.preventDefault();
    if (busy || calm && twice) return;
    busy = 1;
    then = 0;
    const button = (event.submitter || {}).value || 'next';
    try {
      await press(button);
    } catch (error) {
      native(target, button);
    }
    // The second half of a double press must not answer the next question.
    busy = leaving;
    calm = 1;
    setTimeout(() => { calm = 0; }, 500);
  });

  // ---- beside the answers

  const bucket = () => {
    const seconds = (sight + performance.now() - since) / 1000;
    return Math.min(25, Math.ceil(3 * Math.log2(Math.max(1, seconds))));
  };
  // rules: see web/respondent/rules.py
  const holds = my.holds = (rule, value) => {
    const [op, name, to] = rule;
    const parts = rule.slice(1);
    if (op === 'and') return parts.every(part => holds(part, value));
    if (op === 'or') return parts.some(part => holds(part, value));
    if (op === 'not') return !holds(name, value);
    const given = value(name);
    if (given === undefined || given === null || given.missing) return false;
    const list = [].concat(given);
    const one = op === 'is' || op === 'no' ? list[0] : +list[0];
    switch (op) {
      case 'val': return true;
      case 'in': return to.some(code => list.includes(code));
      case 'is':
      case '==': return one === to;
      case 'no':
      case '!=': return list.length > 1 || one !== to;
      case '>=': return one >= to;
      case '<=': return one <= to;
      case '>': return one > to;
      default: return one < to;
    }
  };
  const emphasise = () => {
    const raw = typed();
    const value = name => {
      if (!$(`[name="${name}"]`)) return my.answers ? my.value(name) : my.state.answers[name];
      return raw[name] && !raw[name].includes('prefer_not') ? raw[name] : undefined;
    };
    $$('[data-emphasise]').forEach(box => {
      const loud = holds(JSON.parse(box.dataset.emphasise), value);
      if (box.loud === undefined) box.loud = box.classList.contains('out') && !loud;
      box.classList.toggle('out', loud || box.loud);
    });
  };
  const fill = my.fill = raw => [...form().elements].forEach(field => {
    const sent = raw[field.name] || [];
    if (!field.name || field.name === 'go') return;
    if (/radio|checkbox/.test(field.type)) field.checked = sent.includes(field.value);
    else field.value = sent.filter(text => text !== 'prefer_not').join('\n');
  });
  const voices = self.speechSynthesis;
  const listen = () => {
    const button = $('#read');
    if (!button || !voices) return;
    const label = button.textContent;
    const voice = () => voices.getVoices().find(one => one.localService && one.lang.toLowerCase().split(/[-_]/)[0] === html.lang);
    const quiet = () => { button.textContent = label; };
    const show = voices.onvoiceschanged = () => { button.hidden = !voice(); };
    show();
    button.onclick = () => {
      voices.cancel();
      if (button.textContent !== label) return quiet();
      button.textContent = my.state.t.read_stop;
      const said = $$('.intro,.recall,.stem,h1,legend,.legend,.hint,.ends,.opt span', $('#screen')).map(node => node.textContent.trim());
      [...new Set(said)].forEach((text, n, texts) => {
        const speech = Object.assign(new SpeechSynthesisUtterance(text), { lang: html.lang, voice: voice(), rate: 0.9 });
        if (n === texts.length - 1) speech.onend = quiet;
        voices.speak(speech);
      });
    };
  };
  const ready = my.ready = () => {
    fresh();
    emphasise();
    listen();
  };
  let loading;
  const screens = () => loading = loading || new Promise((onload, onerror) => {
    if (my.load) onload();
    else doc.head.append(Object.assign(doc.createElement('script'), { src: my.state.screens, onload, onerror }));
  }).then(() => my.load()).catch(() => { loading = 0; });
  const arm = () => (self.requestIdleCallback || setTimeout)(() => {
    const { serviceWorker } = navigator;
    if (serviceWorker) serviceWorker.register('/s/sw.js', { scope: '/s/' }).then(found => found.sync && found.sync.register('flush')).catch(() => 0);
    if (my.state) screens();
  });
  const leave = async event => {
    event.preventDefault();
    if (my.state) await screens();
    if (!my.leave || await my.leave(event.target.dataset.ask)) event.target.submit();
  };

  // ---- what happens

  doc.addEventListener('input', event => {
    if (!my.state || !my.state.screen || event.target.form !== form()) return;
    then = 0;
    autosave();
    emphasise();
  });
  doc.addEventListener('click', event => {
    const field = event.target;
    twice = event.detail > 1;
    const alone = field.type === 'radio' && $$('#screen fieldset').length === 1 && !$('#screen .typed');
    // detail is 0 when a key chose: arrows walk through the answers
    if (my.state && html.hasAttribute('data-advance') && alone && event.detail) setTimeout(() => $('button.go', form()).click(), 600);
  });
  doc.addEventListener('visibilitychange', () => {
    if (doc.hidden) sight += performance.now() - since;
    since = performance.now();
    if (unsent.length) sync();
  });
  self.addEventListener('pagehide', () => {
    if (voices) voices.cancel();
    if (!unsent.length) return;
    me = random();
    post(my.response, unsent).catch(() => 0);
  });
  self.addEventListener('pageshow', event => { if (event.persisted && my.state) location.reload(); });
  self.addEventListener('online', sync);
  self.addEventListener('popstate', () => {
    if (!my.state || location.pathname === at) return;
    if (my.drawn) my.draw((location.pathname + location.search).slice(my.state.base.length));
    else location.reload();
  });
  setInterval(() => { if (unsent.length) sync(); }, 20000);

  // What this device knows of the response on the page.
  const meet = () => within(async (responses, saves) => {
    for (const other of await asked(responses.getAll())) {
      const waiting = await asked(saves.count(all(other.token)));
      if (!waiting && Date.now() - other.at > AGED) forget(other.token, responses, saves);
    }
    if (!my.state) return;
    await here(responses);
    const r = await asked(responses.get(my.state.token));
    if (!r) return;
    my.response = r;
    unsent = await asked(saves.getAll(all(r.token)));
    const known = {};
    Object.keys(r.problems).forEach(screen => { if (r.known[screen]) known[screen] = r.known[screen]; });
    unsent.forEach(save => layer(known, save));
    responses.put(Object.assign(r, { base: my.state.answers, known, state: my.state, here: 1, look: html.className, refused: 0 }));
  });
  const begin = async () => {
    const state = $('#state');
    const code = $('input#code');
    const kept = /\/code$/.test(location.pathname);
    if (html.hasAttribute('data-shell')) return my.shell();
    if (code && location.hash) {
      code.value = decodeURIComponent(location.hash.slice(1));
      history.replaceState(0, '', location.pathname + location.search);
    }
    if (state) {
      my.state = JSON.parse(state.textContent);
      ready();
    }
    await meet();
    if (my.response || kept) arm();
    if (!my.response) return flush();
    const { screen } = my.state;
    const known = my.response.known[screen];
    if (known && form()) {
      fill(Object.assign(typed(), known.raw));
      emphasise();
      const wrong = my.response.problems[screen];
      if (wrong && await screens()) my.marks(wrong);
    }
    if (unsent.length) sync();
    else settle();
  };
  doc.addEventListener('DOMContentLoaded', () => begin().catch(() => 0));
})(self);
