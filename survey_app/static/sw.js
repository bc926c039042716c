// Shows pages of a response when there is no network, and delivers what waits on the device.
// It keeps files that are the same for everybody, and never a page with answers.
'use strict';
importScripts('{{SCRIPT}}');
const SHELL = '{{SHELL}}';
const FILES = '{{CACHED}}'.split('|');
const CACHE = `survey ${FILES.join(' ')}`;
const PATIENCE = 6000;
self.addEventListener('install', event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener('activate', event => {
  const old = names => Promise.all(names.filter(name => name !== CACHE).map(name => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});
const shell = () => caches.match(SHELL).then(found => found || Response.error());
const knows = () => self.survey.within(responses => self.survey.asked(responses.count())).catch(() => 0);
const page = async request => {
  const asked = fetch(request);
  const slow = new Promise(ok => setTimeout(ok, PATIENCE));
  try {
    let answer = await Promise.race([asked, slow]);
    if (!answer && !await knows()) answer = await asked;
    return answer && ![502, 503, 504].includes(answer.status) ? answer : shell();
  } catch (error) {
    return shell();
  }
};
self.addEventListener('fetch', event => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (FILES.includes(pathname)) {
    event.respondWith(caches.match(pathname).then(found => found || fetch(request)));
  } else if (request.mode === 'navigate' && /^\/s\/\w+\/[a-z]+\/(q\/\w+|go|review|pause|stop|rest|thanks|code)$/.test(pathname)) {
    event.respondWith(page(request));
  }
});
self.addEventListener('sync', event => event.waitUntil(self.survey.flush()));
