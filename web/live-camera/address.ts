/** Where the server is and how to be let in; everything a player asks for is relative to it. */
export interface ServerAddress {
  /** Ends with a slash; behind a proxy it may have a path. */
  readonly base: string;
  readonly token: string;
}

/** `server` as written in an attribute, or the folder the script came from when empty. */
export function serverAddress(
  server: string,
  token: string,
  script: string,
  page: string = globalThis.document?.baseURI,
): ServerAddress {
  const base = new URL(server || '.', server ? page : script);
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return { base: base.href, token };
}

export function socketUrl(address: ServerAddress): string {
  return within(address, 'ws').replace(/^http/, 'ws');
}

export function cameraUrl(address: ServerAddress, camera: string): string {
  return within(address, `api/cameras/${encodeURIComponent(camera)}`);
}

export function streamUrl(address: ServerAddress, camera: string): string {
  return within(address, `cameras/${encodeURIComponent(camera)}/stream.mjpg`);
}

export function annotatedUrl(address: ServerAddress, camera: string): string {
  return within(address, `cameras/${encodeURIComponent(camera)}/annotated.mjpg`);
}

function within({ base, token }: ServerAddress, path: string): string {
  const url = new URL(path, base);
  if (token) url.searchParams.set('token', token);
  return url.href;
}
