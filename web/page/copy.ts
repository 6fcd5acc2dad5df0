import { h } from './dom.ts';

const THANKS = 1_600;

/** A button that copies `text` and says so. */
export function copyButton(text: string, what: string): HTMLButtonElement {
  const label = h('span', {}, 'Copy');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const button = h(
    'button',
    { type: 'button', className: 'copy', 'aria-label': `Copy: ${what}` },
    label,
  );
  button.addEventListener('click', async () => {
    label.textContent = (await copy(text)) ? 'Copied' : 'Press Ctrl+C';
    clearTimeout(timer);
    timer = setTimeout(() => {
      label.textContent = 'Copy';
    }, THANKS);
  });
  return button;
}

/** The clipboard exists on https and localhost only; elsewhere a selection is copied the old way. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (done) return true;
  }
  const before = document.activeElement;
  const field = h('textarea', { value: text, className: 'offstage', readOnly: true });
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
