import { App } from './app.ts';
import { fetchCameras } from './cameras.ts';

const PERIOD = 2_000;

const token = new URLSearchParams(location.search).get('token') ?? '';
const app = new App(
  { main: place('main'), summary: place('summary') },
  new URL('.', document.baseURI).href,
  token,
);
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;

place('home').addEventListener('click', (event) => {
  event.preventDefault();
  app.leaveLarge();
});
addEventListener('hashchange', () => app.render());
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && document.fullscreenElement === null) app.leaveLarge();
});
document.addEventListener('visibilitychange', () => void poll());
void poll();

/** Asks for the cameras now and every two seconds, for as long as someone can see the page. */
async function poll(): Promise<void> {
  clearTimeout(timer);
  if (document.hidden || asking) return;
  asking = true;
  app.update(await fetchCameras(token));
  asking = false;
  timer = setTimeout(() => void poll(), PERIOD);
}

function place(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has an element with the id "${id}"`);
  return element;
}
