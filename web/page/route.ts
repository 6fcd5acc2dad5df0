const PREFIX = '#camera=';

/** Which camera the address asks to see large; undefined for all of them. */
export function routedCamera(hash: string): string | undefined {
  if (!hash.startsWith(PREFIX)) return undefined;
  try {
    return decodeURIComponent(hash.slice(PREFIX.length)) || undefined;
  } catch {
    return undefined;
  }
}

export function hashOf(camera: string): string {
  return PREFIX + encodeURIComponent(camera);
}

/** Goes back to all cameras: back in history when that is where one came from. */
export function leaveCamera(cameFromGrid: boolean): void {
  if (cameFromGrid) {
    history.back();
  } else {
    history.replaceState(null, '', location.pathname + location.search);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}
