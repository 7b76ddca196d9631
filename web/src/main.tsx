// main: finds out who is there and in which language, then shows the desk.

import './style/main.scss';
import { render } from 'preact';
import { Client } from './api/client';
import { App } from './app/app';
import { firstLanguage, loadWords } from './words/words';

const client = new Client();
const language = firstLanguage();
const [session, says, words] = await Promise.all([
    client.session(),
    client.says(),
    loadWords(language),
]);
const root = document.getElementById('desk');
if (root !== null)
    render(<App client={client} first={session} says={says} speech={{ language, words }} />, root);
