/** Something ready to be copied into another program. */
export interface Recipe {
  readonly title: string;
  /** What to do with it, in a few words. */
  readonly hint: string;
  readonly text: string;
}

/**
 * Ways to watch `camera` elsewhere.
 *
 * @param base the server's address, ending with a slash
 * @param isLookedAt something is found in its pictures
 */
export function recipes(
  base: string,
  camera: string,
  token: string,
  isLookedAt = false,
): readonly Recipe[] {
  const address = (path: string) => {
    const url = new URL(path, base);
    if (token) url.searchParams.set('token', token);
    return url.href;
  };
  const id = encodeURIComponent(camera);
  const stream = address(`cameras/${id}/stream.mjpg`);
  const snapshot = address(`cameras/${id}/snapshot.jpg`);
  const attribute = token ? ` token="${token}"` : '';
  return [
    { title: 'Stream', hint: 'MJPEG: VLC, OctoPrint, <img>', text: stream },
    { title: 'Snapshot', hint: 'one picture, fresh', text: snapshot },
    {
      title: 'Web page',
      hint: 'a player that reconnects by itself',
      text: [
        `<script type="module" src="${address('live-camera.js').split('?')[0]}"></script>`,
        `<live-camera camera="${camera}"${attribute}></live-camera>`,
      ].join('\n'),
    },
    {
      title: 'FFmpeg',
      hint: 'records, in real time',
      text: `ffmpeg -use_wallclock_as_timestamps 1 -i "${stream}" -c copy ${camera}.mkv`,
    },
    { title: 'OpenCV', hint: 'Python', text: `capture = cv2.VideoCapture("${stream}")` },
    {
      title: 'Home Assistant',
      hint: 'integration “MJPEG IP Camera”',
      text: `MJPEG URL: ${stream}\nStill image URL: ${snapshot}`,
    },
    ...(isLookedAt ? looks(camera, address) : []),
  ];
}

function looks(camera: string, address: (path: string) => string): Recipe[] {
  const id = encodeURIComponent(camera);
  return [
    {
      title: 'What it sees',
      hint: 'as data, frame by frame',
      text: `curl -N "${address(`api/cameras/${id}/detections`)}"`,
    },
    {
      title: 'With boxes',
      hint: 'MJPEG, drawn by the server',
      text: address(`cameras/${id}/annotated.mjpg`),
    },
  ];
}
