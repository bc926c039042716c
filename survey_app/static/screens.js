// Pages drawn on the device when there is no network: what is asked, what comes next, what is wrong.
// Loaded by survey.js once an answer was kept, together with the pack of all screens (web/respondent/my.pack.py).
'use strict';
(my => {
  const doc = document;
  const { $, $$, form, asked, within, holds } = my;

  my.load = async () => {
    if (my.pack) return my.pack;
    const { pack: url } = my.state;
    let found = await within((responses, saves, packs) => asked(packs.get(url)));
    if (!found) {
      const answer = await fetch(url);
      if (!answer.ok) throw answer;
      found = { url, pack: await answer.json() };
      await within(async (responses, saves, packs) => {
        const used = (await asked(responses.getAll())).map(r => r.state.pack);
        (await asked(packs.getAllKeys())).forEach(old => { if (!used.includes(old)) packs.delete(old); });
        packs.put(found);
      });
    }
    my.pack = found.pack;
    return my.pack;
  };

  // ---- what is asked: the same as core/response/routing.py; a test holds the two together

  const given = known => name => {
    if (name === 'wave') return my.state.wave;
    return known[name === 'stage' ? my.pack.stage : name];
  };
  const shown = my.shown = (screen, known) => {
    const role = known[my.pack.role];
    const module = my.pack.modules[screen.module];
    if (typeof role === 'string' && !module.all && !module.roles.includes(role)) return [];
    return screen.items.filter(id => !my.pack.items[id].if || holds(my.pack.items[id].if, given(known)));
  };
  const prune = my.prune = known => {
    const left = Object.assign({}, known);
    my.pack.screens.forEach(screen => {
      const seen = shown(screen, left);
      screen.items.forEach(id => { if (!seen.includes(id)) delete left[id]; });
    });
    return left;
  };
  const place = id => my.pack.screens.findIndex(screen => screen.id === id);
  const after = my.after = (id, known) => my.pack.screens.slice(place(id) + 1).find(screen => shown(screen, known).length);
  const before = my.before = (id, known) => my.pack.screens.slice(0, place(id)).reverse().find(screen => shown(screen, known).length);
  const first = my.first = known => my.pack.screens.find(screen => shown(screen, known).some(id => my.pack.items[id].k !== 'note' && !(id in known)));
  const route = my.route = (screen, known) => {
    const item = screen.items.map(id => my.pack.items[id]).find(one => one.route && holds(one.route[0], given(known)));
    return item && item.route[1];
  };

  // ---- what was answered: the same as core/response/validation.py

  const names = id => {
    const { k, codes } = my.pack.items[id];
    if (k === 'pair') return [id, `${id}.best`, `${id}.worst`];
    return [id].concat(k === 'rank' ? codes.map(code => `${id}.${code}`) : []);
  };
  const strings = (id, value) => {
    const { k } = my.pack.items[id];
    if (value === undefined || value === false) return {};
    if (value.missing) return value.missing === 'prefer_not' ? { [id]: ['prefer_not'] } : {};
    if (k === 'pair') return { [`${id}.best`]: [value[1]], [`${id}.worst`]: [value[2]] };
    if (k === 'rank') return Object.assign({}, ...value.map((code, n) => ({ [`${id}.${code}`]: [`${n + 1}`] })));
    return { [id]: value === true ? ['yes'] : [].concat(value).map(String) };
  };
  const western = text => text.replace(/[٠-٩۰-۹]/g, digit => digit.charCodeAt(0) % 16);
  const nothing = [{ missing: 'not_answered' }];
  const kinds = {
    pair: (item, sent, id) => {
      const [best, worst] = names(id).slice(1).map(name => sent(name)[0]);
      if (!best && !worst) return nothing;
      if (!best || !worst) return [0, item.half];
      return best === worst ? [0, item.same] : [[my.state.lists[id][0], best, worst]];
    },
    rank: (item, sent, id) => {
      const at = {};
      for (const code of item.codes) {
        const [rank] = sent(`${id}.${code}`);
        if (rank && at[rank]) return [0, item.twice.replace('{place}', rank)];
        if (rank) at[rank] = code;
      }
      const list = Object.values(at);
      const gap = list.findIndex((code, n) => !at[n + 1]);
      if (gap >= 0) return [0, item.gap.replace('{place}', gap + 1)];
      return list.length ? [list] : nothing;
    },
    many: (item, sent, id) => {
      const chosen = item.codes.filter(code => sent(id).includes(code));
      const alone = chosen.find(code => item.alone[code]);
      if (alone && chosen.length > 1) return [0, item.alone[alone]];
      return item.max && chosen.length > item.max ? [0, item.over] : [chosen];
    },
    rating: (item, sent, id) => [+sent(id)[0]],
    number: (item, sent, id) => {
      const plain = western(sent(id)[0]);
      if (!/^[+-]?\d+$/.test(plain)) return [0, item.nan];
      return +plain < item.low || +plain > item.high ? [0, item.range] : [+plain];
    },
    day: (item, sent, id) => {
      const day = western(sent(id)[0]);
      const whole = item.month ? `${day}-01` : day;
      const time = /^\d{4}-\d\d-\d\d$/.test(whole) && +whole.slice(0, 4) >= item.year && new Date(`${whole}T00:00:00Z`);
      return time && !isNaN(time) && time.toISOString().startsWith(whole) ? [day] : [0, item.wrong];
    },
    text: (item, sent, id) => {
      const text = sent(id).join('\n');
      const { length } = [...text];
      return length > item.limit ? [0, item.long.replace('{length}', length).replace('{limit}', item.limit)] : [text];
    },
    one: (item, sent, id) => [sent(id)[0]]
  };
  // [value], or [0, what is wrong]
  const read = my.read = (id, raw) => {
    const item = my.pack.items[id];
    const sent = name => (raw[name] || []).map(text => text.trim()).filter(text => text);
    const got = sent(id);
    const composed = item.k === 'pair' || item.k === 'rank';
    if (item.k === 'yes') return got.includes('yes') ? [true] : item.need ? [0, item.need] : [false];
    if (got.includes('prefer_not') && !item.need) return [{ missing: 'prefer_not' }];
    if (!composed && !got.length) return item.need ? [0, item.need] : nothing;
    return kinds[item.k](item, sent, id);
  };
  const answers = () => {
    const r = my.response;
    const known = Object.assign({}, r ? r.base : my.state.answers);
    Object.keys(r ? r.known : {}).filter(screen => place(screen) >= 0).forEach(screen => {
      const { how, raw } = r.known[screen];
      shown(my.pack.screens[place(screen)], known).filter(id => my.pack.items[id].k !== 'note').forEach(id => {
        if (how === 'partly' && !names(id).some(name => (raw[name] || []).join('').trim())) return;
        const [value, wrong] = read(id, raw);
        if (!wrong) known[id] = value;
      });
    });
    return prune(known);
  };
  my.value = name => given(answers())(name);
  my.checked = raw => {
    const wrong = {};
    const screen = my.pack.screens[place(my.state.screen)];
    const seen = screen ? shown(screen, answers()) : [];
    seen.filter(id => my.pack.items[id].k !== 'note').forEach(id => {
      const sentence = read(id, raw)[1];
      if (sentence) wrong[id] = sentence;
    });
    return wrong;
  };

  // ---- drawing

  my.marks = problems => {
    $$('.msg').forEach(node => node.remove());
    $$('.err').forEach(node => node.classList.remove('err'));
    const boxes = Object.keys(problems || {}).map(item => {
      const box = item && $(`#f-${item}`);
      if (!box) return;
      const line = Object.assign(doc.createElement('p'), { className: 'msg', id: `e-${item}` });
      line.textContent = `${my.state.t.error}: ${problems[item]}`;
      const head = $('legend,.legend,h1', box);
      if (head) head.after(line);
      else box.prepend(line);
      const field = $('input:not([type]),select,textarea', box) || box;
      box.classList.add('err');
      field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') || ''} ${line.id}`);
      return box;
    }).filter(box => box);
    if (boxes[0]) boxes[0].focus();
    return boxes.length;
  };
  const add = (className, text) => {
    if (text) $('#screen').prepend(Object.assign(doc.createElement('p'), { className, textContent: text }));
  };
  const pick = (screen, known) => {
    const seen = shown(screen, known);
    screen.items.filter(id => !seen.includes(id)).forEach(id => {
      const box = $(`#f-${id}`);
      if (!box) return;
      const stem = box.previousElementSibling;
      if (stem && stem.className === 'stem') stem.remove();
      box.remove();
    });
    $$(`[name="${my.pack.stage}"]`).forEach(field => { if (!my.state.stages.includes(field.value)) field.closest('label').remove(); });
    seen.filter(id => my.pack.items[id].k === 'pair').forEach(id => ['best', 'worst'].forEach(end => {
      const fields = $$(`[name="${id}.${end}"]`);
      const list = fields[0].closest('.opts');
      const labels = my.state.lists[id][1].map(code => fields.find(field => field.value === code).closest('label'));
      list.textContent = '';
      list.append(...labels);
    }));
    return seen;
  };
  const help = (screen, last, known) => {
    form().insertAdjacentHTML('afterend', screen.boxes);
    const held = doc.createElement('div');
    held.innerHTML = last ? last.boxes : '';
    $$('[data-emphasise]', held).filter(box => holds(JSON.parse(box.dataset.emphasise), given(known))).forEach(box => {
      const same = $$('main aside').find(other => other.getAttribute('aria-label') === box.getAttribute('aria-label'));
      if (!same) form().before(box);
      (same || box).classList.add('out');
      delete box.dataset.emphasise;
    });
  };
  const dress = (screen, known) => {
    const role = known[my.pack.role];
    const stage = known[my.pack.stage];
    const module = my.pack.modules[screen.module];
    const asking = my.pack.screens.filter(one => shown(one, known).length);
    const number = asking.indexOf(screen) + 1;
    const last = before(screen.id, known);
    $('#screen').innerHTML = screen.html[role] || screen.html[''];
    const seen = pick(screen, known);
    add('recall', seen.map(id => my.pack.heads[my.pack.items[id].recall][role || ''][stage || '']).find(text => text));
    add('intro', asking.find(one => one.module === screen.module) === screen && module.intro);
    $('#place').textContent = my.pack.progress.replace('{number}', number).replace('{count}', asking.length);
    $('#part').textContent = module.title;
    Object.assign($('progress'), { value: number, max: asking.length });
    help(screen, last, known);
    if (!last) $('[value=back]', form()).remove();
    if (!screen.skip) $('[value=skip]', form()).remove();
    my.state.back = last ? `q/${last.id}` : '';
    my.fill(Object.assign({}, ...seen.map(id => strings(id, known[id])), ((my.response || {}).known || {})[screen.id] && my.response.known[screen.id].raw));
  };
  my.draw = (path, push) => {
    const known = answers();
    const closing = (my.response || {}).closing;
    const kind = /^(thanks|end)/.test(path) && !my.local.end && !closing ? 'go' : path.split('?')[0];
    let screen = kind.startsWith('q/') && my.pack.screens[place(kind.slice(2))];
    if (screen && !shown(screen, known).length) screen = after(screen.id, known);
    // “You have answered everything” stands there only when it is so.
    if (!screen && (kind === 'review' || !my.pack.pages[kind])) screen = first(known);
    const where = screen ? `q/${screen.id}` : my.pack.pages[kind] ? kind : 'review';
    const main = $('#main');
    main.innerHTML = screen ? my.pack.main : my.pack.pages[where];
    my.state.screen = screen ? screen.id : '';
    if (screen) dress(screen, known);
    my.drawn = 1;
    my.over = /^(thanks|end)/.test(where);
    if (push) history.pushState(0, '', my.state.base + where);
    doc.title = `${$('h1,legend,.legend', main).textContent.trim()} – ${my.pack.title}`;
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
    my.ready();
    my.settle();
  };
  my.local = button => {
    const known = answers();
    const screen = my.pack.screens[place(my.state.screen)];
    const moves = screen && (button === 'next' || button === 'skip');
    const end = moves && route(screen, known);
    const go = path => my.draw(path, 1);
    if (end) {
      my.local.end = 1;
      return go(`end/${end}`);
    }
    if (button === 'pause' || button === 'stop') return go(button);
    if (button === 'send' || button === 'part') return go('thanks');
    if (button === 'back') {
      const last = screen ? before(screen.id, known) : my.pack.screens.filter(one => shown(one, known).length).pop();
      return go(last ? `q/${last.id}` : 'go');
    }
    if (!moves || new URLSearchParams(location.search).get('from')) return go('go');
    const next = after(screen.id, known);
    return go(next ? `q/${next.id}` : 'review');
  };

  // ---- a page without network, and a device without answers

  my.shell = async () => {
    const [, study, language] = location.pathname.match(/^\/s\/(\w+)\/(\w+)\//) || [];
    const found = await within(responses => asked(responses.getAll())).catch(() => []);
    const words = JSON.parse($('#words').textContent);
    my.response = found.find(r => r.here && r.state.base.startsWith(`/s/${study}/`));
    if (my.response) {
      my.state = my.response.state;
      my.down = 1;
      await my.load().catch(() => 0);
    }
    const html = doc.documentElement;
    const text = words[language] || words.en;
    html.lang = my.pack ? my.state.language : words[language] ? language : 'en';
    html.dir = my.pack ? my.pack.dir : text.dir;
    const main = $('#main');
    if (!my.pack) {
      main.innerHTML = '<h1></h1><p></p><p><a class="go"></a></p>';
      $('h1').textContent = doc.title = text.shell_title;
      $('p').textContent = text.shell_text;
      Object.assign($('a'), { textContent: text.shell_again, href: location.href });
      return;
    }
    html.className = my.response.look;
    if (html.classList.contains('a1')) html.setAttribute('data-advance', '');
    main.insertAdjacentHTML('beforebegin', my.pack.before);
    main.insertAdjacentHTML('afterend', my.pack.after);
    my.draw((location.pathname + location.search).slice(my.state.base.length));
    my.sync();
  };
  // true when nothing of the person is left on this device
  my.leave = async question => {
    try {
      await Promise.race([my.sync(), my.sleep(3000)]);
      const waiting = await within((responses, saves) => asked(saves.count()));
      if (waiting && !confirm(question)) return false;
      await within(async (...stores) => stores.forEach(store => store.clear()));
      for (const name of await caches.keys()) await caches.delete(name);
      for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    } catch (error) {
      // without storage there is nothing to remove
    }
    return true;
  };
})(self.survey);
