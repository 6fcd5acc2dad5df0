import { copyButton } from './copy.ts';
import { h } from './dom.ts';
import type { Recipe } from './recipes.ts';

/** What it is, a button that copies it, the text itself. */
export function recipeCard({ title, hint, text }: Recipe): HTMLElement {
  const head = h('h3', {}, title, h('small', {}, hint));
  const code = h('pre', {}, h('code', {}, text));
  return h('div', { className: 'recipe' }, h('header', {}, head, copyButton(text, title)), code);
}
