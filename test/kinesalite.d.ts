/** The package has no types of its own. https://github.com/mhart/kinesalite#api */
declare module 'kinesalite' {
  import type { Server } from 'node:http';

  export default function kinesalite(options: { createStreamMs?: number; updateStreamMs?: number }): Server;
}
