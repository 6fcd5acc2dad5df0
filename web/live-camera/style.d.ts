/** The bundler hands a style sheet over as text. */
declare module '*.css?inline' {
  const css: string;

  export = css;
}
