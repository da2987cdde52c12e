/**
 * Arguments of the browser: our own list, since the package's switches off web security and site isolation.
 *
 * `--no-sandbox`, `--no-zygote` and `--single-process` are what Lambda needs, whose kernel refuses the sandbox's system calls
 * (https://github.com/Sparticuz/chromium/blob/master/source/index.ts). So the function's role is the limit of what a page that
 * breaks out could do.
 *
 * @param build `machine`: a browser of this machine, in a local run
 */
export function browserArguments(profileFolder: string, build: 'layer' | 'machine' = 'layer'): string[] {
  return [
    '--headless=shell',
    '--no-sandbox',
    // Other builds of Chromium end at once as a single process.
    ...(build === 'layer' ? ['--no-zygote', '--single-process'] : []),
    '--disable-gpu',
    '--disable-dev-shm-usage',
    // No name and no address is reached, whatever a page refers to.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=127.0.0.1:9',
    '--proxy-bypass-list=<-loopback>',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-sync',
    '--disable-breakpad',
    '--no-pings',
    '--no-first-run',
    '--no-default-browser-check',
    '--mute-audio',
    '--hide-scrollbars',
    // The same glyph positions on every machine.
    '--font-render-hinting=none',
    '--force-color-profile=srgb',
    '--lang=en-US',
    `--user-data-dir=${profileFolder}`,
    '--remote-debugging-pipe',
    'about:blank',
  ];
}
