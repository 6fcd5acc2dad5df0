/** Pictures are asked for a little before an element scrolls into view. */
const MARGIN = '100px';

/**
 * Tells whether someone can see `element`: its tab is shown and it is on screen. Seen is told at
 * once; unseen after `linger()` ms, so that a tab switch or a scroll past restarts nothing.
 * Nothing is told before the first look. Returns what ends it.
 */
export function watchVisibility(
  element: Element,
  linger: () => number,
  tell: (visible: boolean) => void,
): () => void {
  let onScreen = false;
  let told = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = () => {
    const visible = onScreen && !document.hidden;
    if (visible) {
      clearTimeout(timer);
      timer = undefined;
      if (told) return;
      told = true;
      tell(true);
    } else if (told && timer === undefined) {
      timer = setTimeout(() => {
        timer = undefined;
        told = false;
        tell(false);
      }, linger());
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      onScreen = entries.at(-1)?.isIntersecting ?? onScreen;
      look();
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener('visibilitychange', look);
  };
}
