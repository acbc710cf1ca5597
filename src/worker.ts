/** The Worker's entry: hands each request to the service. */

export default {
  fetch(): Response {
    return new Response('not built yet', { status: 503 })
  },
}
