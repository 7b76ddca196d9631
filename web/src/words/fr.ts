// French.

import type { Decision } from '../api/types';
import type { Words } from './en';
import { pluralIn } from './plural';

const plural = pluralIn('fr');

const decision: Words['decision'] = {
    release: 'mainlevée',
    examine: 'examen',
    hold: 'retenue',
    documents: 'attente de documents',
    refuse: 'refus',
};
const notAProof = {
    json: 'ce n’est pas un texte JSON au sens unique',
    members: 'un membre manque ou est de trop, ou le format est autre',
    'name-or-key': 'le nom du dossier ou la clé est impossible',
    'no-facts': 'elle ne contient aucun fait',
    'fact-members': 'un fait avec d’autres membres',
    'fact-salt': 'un fait sans son sel ou sans sa preuve',
    fact: 'un fait qui n’en est pas un',
    withheld: 'un fait retenu sans son engagement ou sans sa preuve',
    extract: 'un extrait qui ne retient rien, ou qui retient tout',
};

export const fr: Words = {
    app: {
        name: 'Tidewaiter',
        skip: 'Aller au contenu principal',
        language: 'Langue',
        navigation: 'Pages',
        menu: 'Menu',
        signIn: 'Se connecter',
        signOut: 'Se déconnecter',
        signedInAs: (name) => `Connecté·e en tant que ${name}`,
        simulated: 'Données simulées\u00a0: Meridia est un pays inventé, rien ici n’est réel.',
        footer: 'Tidewaiter, un bureau de douane ouvert',
        loading: 'Chargement…',
        tryAgain: 'Réessayer',
        nextPage: 'Page suivante',
        firstPage: 'Première page',
        notFound: 'Page introuvable',
        sessionLost: 'Vous avez été déconnecté·e',
        sessionLostText: 'Ce que vous avez écrit est toujours là. Reconnectez-vous et continuez.',
        error: 'Il y a un problème',
        none: 'aucune',
        print: 'Imprimer',
        save: 'Enregistrer',
        cancel: 'Annuler',
        done: 'Terminé',
        copy: 'Copier',
        copied: 'Copié',
        actions: 'Actions',
        really: (what) => `${what}\u00a0: en êtes-vous sûr·e\u00a0?`,
    },
    trouble: {
        unreachable: 'Le serveur ne répond pas. Vérifiez la connexion et réessayez.',
        forbidden: 'Votre rôle ne permet pas de voir ceci.',
        notFound: 'Cela n’existe pas ici, ou vous ne pouvez pas le voir.',
        conflict: 'Quelqu’un a modifié ceci entre-temps. Relisez, puis décidez.',
        tooMany: 'Trop d’essais. Attendez une minute et réessayez.',
        server: 'Le serveur n’a pas pu le faire. Rien n’a été modifié.',
        other: 'Le serveur ne l’a pas accepté.',
        unverified:
            'Montrez par votre clé d’accès que c’est bien vous, puis appuyez de nouveau\u00a0: ' +
            'rien de ce que vous avez écrit n’est perdu. Si vous n’en avez pas encore, ajoutez-en ' +
            'une à votre compte.',
        othersKey: (name) =>
            `Cette clé d’accès est celle de ${name}, qui est maintenant connecté·e. Rien n’a ` +
            'été envoyé.',
    },
    pages: {
        queue: 'File d’attente',
        file: 'Envoi',
        lodge: 'Déclarer',
        declarations: 'Mes déclarations',
        search: 'Recherche',
        verify: 'Vérifier une preuve',
        dashboard: 'Tableau de bord',
        notices: 'Avis',
        users: 'Utilisateurs',
        account: 'Mon compte',
        signIn: 'Se connecter',
        home: 'Tidewaiter',
    },
    home: {
        lead:
            'Un bureau de douane ouvert\u00a0: les déclarations sont contrôlées, évaluées, ' +
            'taxées ' +
            'et décidées, et chaque étape est scellée pour que chacun puisse la vérifier.',
    },
    state: {
        empty: 'vide',
        lodged: 'déposée',
        amended: 'modifiée',
        refused: 'refusée',
        accepted: 'acceptée',
        assessed: 'taxée',
        'awaiting-documents': 'documents attendus',
        'under-control': 'en contrôle',
        held: 'retenue',
        released: 'libérée',
        cleared: 'dédouanée',
        withdrawn: 'retirée',
    },
    decision,
    act: {
        claim: 'Prendre cette tâche',
        unclaim: 'Rendre cette tâche',
        settle: 'Enregistrer le paiement',
        request: 'Demander un document',
        inspect: 'Enregistrer un contrôle',
        amend: 'Modifier',
        withdraw: 'Retirer',
        supply: 'Répondre',
    },
    decide: {
        release: 'Donner mainlevée',
        examine: 'Examiner',
        hold: 'Retenir les marchandises',
        documents: 'Attendre des documents',
        refuse: 'Refuser la déclaration',
    },
    role: {
        trader: 'opérateur',
        officer: 'agent',
        supervisor: 'superviseur',
        analyst: 'analyste',
        'control-room': 'salle de contrôle',
        agency: 'autorité partenaire',
        auditor: 'auditeur',
        administrator: 'administrateur',
    },
    kind: {
        declared: 'Déclaré',
        amended: 'Modifié',
        withdrawn: 'Retiré',
        checked: 'Contrôlé',
        valued: 'Évalué',
        assessed: 'Taxé',
        scored: 'Risque estimé',
        decided: 'Décidé',
        settled: 'Réglé',
        claimed: 'Pris en charge',
        unclaimed: 'Rendu',
        requested: 'Document demandé',
        supplied: 'Document fourni',
        inspected: 'Inspecté',
    },
    severity: { note: 'remarque', warning: 'avertissement', error: 'erreur' },
    answer: {
        lodged: 'déposée',
        refused: 'refusée',
        repeated: 'déjà déposée',
        unreadable: 'illisible',
        conflict: 'pas acceptée maintenant',
        unavailable: 'pas gardée\u00a0: réessayez',
    },
    verify: {
        lead:
            'Une preuve montre ce qui a été décidé d’un envoi, et que personne ne l’a changé ' +
            'depuis. Elle est vérifiée ici, sur votre machine\u00a0: rien de ce que vous ' +
            'choisissez n’en sort.',
        file: 'La preuve',
        fileHint:
            'Un fichier comme 6XM12345678-1.proof.json. Vous pouvez aussi le déposer sur ' +
            'ce cadre.',
        key: 'La clé publique du registre',
        keyHint:
            'Telle que l’administration la publie, comme name+1a2b3c4d+AbCd… Sans elle, ' +
            'personne ' +
            'ne peut dire de qui vient la preuve.',
        keyFile: 'Prendre la clé dans un fichier',
        keyServer: 'Demander sa clé à ce serveur',
        keyServerNote: 'Cela vaut autant que votre confiance en ce serveur.',
        verify: 'Vérifier',
        noFile: 'Choisissez la preuve à vérifier',
        tooLarge: 'Le fichier est plus grand que toute preuve',
        verifying: 'Vérification…',
        verdict: {
            true: 'La preuve est vraie',
            'cannot-tell': 'On ne peut pas dire si la preuve est vraie',
            'not-sealed': 'Ceci n’a pas été scellé',
            forged: 'La signature est fausse',
            malformed: 'Ceci n’est pas une preuve',
        },
        why: {
            sealed: ({ facts, file, origin, size, decision: last }) =>
                `Les faits 1 à ${facts} de «\u00a0${file}\u00a0» sont scellés dans le registre ` +
                `«\u00a0${origin}\u00a0» à la taille ${size}, signé par sa clé. Leur dernière ` +
                `décision\u00a0: ` +
                `${last in decision ? decision[last as Decision] : last}. Il peut y avoir des ` +
                `faits ultérieurs.`,
            'sealed-in-part': ({ facts, withheld, behind, file, origin, size, decision: last }) =>
                `Des faits 1 à ${facts} de «\u00a0${file}\u00a0», ` +
                plural(facts - withheld, {
                    one: '# est montré et scellé',
                    other: '# sont montrés et scellés',
                }) +
                ` dans le registre «\u00a0${origin}\u00a0» à la taille ${size}, signé par sa ` +
                'clé\u00a0; ' +
                plural(withheld, {
                    one: '# est retenu et n’est pas connu',
                    other: '# sont retenus et ne sont pas connus',
                }) +
                `. La dernière décision montrée\u00a0: ` +
                `${last in decision ? decision[last as Decision] : last}. ` +
                (behind === 0
                    ? 'Aucun fait n’est retenu après elle. '
                    : plural(behind, {
                          one: '# fait retenu après elle a pu la changer. ',
                          other: '# faits retenus après elle ont pu la changer. ',
                      })) +
                'Il peut y avoir des faits ultérieurs.',
            'no-key': ({ facts, file }) =>
                `Les faits 1 à ${facts} de «\u00a0${file}\u00a0» concordent, mais personne n’a ` +
                `dit à quelle clé ` +
                'se fier. Comparez la clé avec celle que l’administration publie.',
            'key-unreadable': () => 'La clé donnée est illisible.',
            'not-signed-by-named-key': () =>
                'Le point de contrôle n’est pas signé par la clé que nomme la preuve.',
            'not-signed-by-given-key': () =>
                'Le point de contrôle n’est pas signé par la clé donnée.',
            'witness-alone': ({ origin }) =>
                'La clé donnée est celle d’un témoin, et ne dit pas à elle seule de qui est le ' +
                'registre ' +
                `«\u00a0${origin}\u00a0».`,
            'browser-cannot': () =>
                'Ce navigateur ne sait pas vérifier les signatures Ed25519. Prenez-en un plus ' +
                'récent, ou ' +
                '«\u00a0tidewaiter verify\u00a0».',
            'signature-not-by-key': () =>
                'La signature du point de contrôle n’est pas de la clé qu’elle nomme.',
            'fact-changed': ({ seq, kind }) =>
                `Le fait ${seq} (${kind}) n’est pas celui qui a été scellé à sa place dans le ` +
                `registre.`,
            'fact-of-other-file': ({ seq }) =>
                `Le fait ${seq} est d’un autre dossier, ou des faits manquent avant lui.`,
            'other-checkpoint': ({ seq }) =>
                `La preuve du fait ${seq} mène à un autre point de contrôle.`,
            'checkpoint-unreadable': () => 'Le point de contrôle est illisible.',
            'proof-unreadable': ({ seq }) => `La preuve du fait ${seq} est illisible.`,
            'not-a-proof': ({ what }) =>
                `Ceci n’est pas la preuve d’un dossier\u00a0: ${notAProof[what]}.`,
        },
        namedKey: 'Clé que nomme la preuve',
        facts: 'Ce que dit la preuve',
        factsUnproved: 'Ce que dit le texte. Ce n’est pas prouvé\u00a0: ne vous y fiez pas.',
    },
    signIn: {
        passkey: 'Se connecter avec une clé d’accès',
        passkeyHint:
            'Avec l’empreinte, le visage ou le code de votre appareil, ou une clé de ' +
            'sécurité.',
        passkeyCannot: 'Ce navigateur n’a pas de clés d’accès. Utilisez un mot de passe.',
        passkeyFailed: 'La clé d’accès n’a pas servi. Réessayez, ou utilisez un mot de passe.',
        or: 'ou avec un mot de passe',
        name: 'Nom',
        password: 'Mot de passe',
        newPassword: 'Choisissez un mot de passe',
        newPasswordHint: 'Au moins 12 caractères. Plusieurs mots se retiennent bien.',
        link: 'Bienvenue',
        linkText:
            'Ce lien sert une seule fois. Créez une clé d’accès pour entrer, maintenant et plus ' +
            'tard.',
        linkPasskey: 'Entrer avec une nouvelle clé d’accès',
        linkPassword: 'Entrer avec ce mot de passe',
        submit: 'Se connecter',
        nameMissing: 'Saisissez votre nom',
        passwordMissing: 'Saisissez votre mot de passe',
        passwordShort: 'Choisissez un mot de passe d’au moins 12 caractères',
        wrong: 'Le nom et le mot de passe ne vont pas ensemble',
        linkUsed: 'Le lien a déjà servi ou a expiré. Demandez-en un autre.',
        people: 'Visiter en tant que',
        peopleText: 'Rien ici n’est réel\u00a0: entrez comme qui vous voulez, sans mot de passe.',
    },
    queue: {
        waiting: (count) =>
            plural(count, {
                one: '# envoi attend',
                many: '# envois attendent',
                other: '# envois attendent',
            }),
        order: 'Ceux dont le contrôle vaut le plus d’abord.',
        empty: 'Rien n’attend un agent.',
        keys: 'Touches\u00a0: j et k se déplacent, Entrée ouvre, c prend la tâche.',
        office: 'Bureau',
        type: 'Type de déclaration',
        all: 'toutes',
        imports: 'importations',
        exports: 'exportations',
        consignment: 'Envoi',
        worth: 'Valeur d’un contrôle',
        score: 'Risque',
        goods: 'Marchandise',
        origin: 'Origine',
        importer: 'Importateur',
        lodged: 'Déposée (UTC)',
        task: 'Tâche',
        take: 'Prendre',
        takeWhich: (file) => `Prendre ${file}`,
        takenBy: (name) => `prise par ${name}`,
        random: 'par tirage',
        claimed: 'Prise par',
        claims: { anybody: 'quiconque ou personne', nobody: 'personne', mine: 'moi' },
        asked: (count) =>
            plural(count, {
                one: '# question ouverte',
                many: '# questions ouvertes',
                other: '# questions ouvertes',
            }),
        isNew: 'nouveau',
        isChanged: 'modifié',
    },
    list: {
        state: 'État',
        noDeclarations: 'Vous n’avez encore rien déposé.',
        nothingFound: 'Rien n’a été trouvé.',
        nothingHere: 'Rien sur cette page\u00a0; il peut y avoir une suite.',
        searchFor: 'Que chercher',
        searchHint: 'Un envoi, une référence, un opérateur ou le début d’un code de marchandise.',
        find: 'Chercher',
    },
    lodge: {
        lead: 'Ce que vous écrivez est gardé dans ce navigateur jusqu’au dépôt.',
        mode: 'Mode de transport',
        procedure: 'Régime',
        addItem: 'Ajouter un article',
        removeItem: (item) => `Retirer l’article ${item}`,
        refused: 'La déclaration a été refusée. Corrigez-la et déposez-la de nouveau.',
        another: 'En déposer une autre',
        estimate: 'Ce que cela donnerait',
        wouldOwe: 'Vous devriez',
        cannotSayYet: 'On ne peut pas encore le dire.',
        allKept: 'Toutes les règles sont respectées.',
        notKept: 'Calculé pendant que vous écrivez. Rien n’en est gardé.',
        importTitle: 'Plusieurs depuis un fichier',
        importLabel: 'Fichier avec une déclaration par ligne',
        importHint:
            'NDJSON\u00a0: une déclaration par ligne. Le dépôt commence au choix du ' + 'fichier.',
        progress: (answers, lines) => `${answers} réponses sur ${lines}`,
    },
    file: {
        decision: 'Décision',
        undecided: 'Rien n’a encore été décidé.',
        keys: 'Touches\u00a0: c prend ou rend, d décide, a demande, i inspecte, p note un paiement, n va à la tâche suivante, q à la file.',
        overrules: (fact: number) => `annule la décision ${fact}`,
        decidedBy: (by) => (by === 'desk' ? 'par le bureau automatique' : 'par un agent'),
        risk: 'Risque',
        scoreOf: (score) => `${score} sur 1000`,
        worth: 'Valeur d’un contrôle',
        chosenByLot: 'Choisi par tirage au sort.',
        points: (points) => plural(points, { one: '# point', many: '# points', other: '# points' }),
        decide: 'Décider',
        reason: 'Motif',
        reasonHint: 'Le déclarant le lit. Il est scellé et ne peut être repris.',
        reasonMissing: 'Dites pourquoi',
        chooseDecision: 'Choisissez une décision',
        ask: 'Demander un document',
        document: 'Quel document',
        documentHint: 'Son type, par exemple 935 pour une facture commerciale.',
        message: 'Message à l’opérateur',
        messageMissing: 'Écrivez ce que vous demandez',
        overrule: 'Décider autrement',
        payment: 'Référence du paiement',
        paymentMissing: 'Donnez la référence',
        claimedBy: 'Entre les mains de',
        openRequests: 'Demandé, et pas encore reçu',
        until: (day) => `jusqu’au ${day}`,
        inspection: 'Enregistrer un contrôle',
        found: 'Ce qui a été constaté',
        foundHint: 'Un constat par ligne. Laissez vide si tout était conforme.',
        minutes: 'Minutes passées',
        minutesWrong: 'Donnez les minutes en nombre entier',
        remarks: 'Remarques',
        conforms: 'Tout était conforme à la déclaration.',
        revenue: 'Recettes recouvrées',
        currency: 'Monnaie',
        summary: 'Résumé',
        reference: 'Référence',
        type: 'Type',
        version: 'Version',
        office: 'Bureau',
        lodged: 'Déposée',
        customsValue: 'Valeur en douane',
        owed: 'Dû',
        findings: 'Constats',
        goods: 'Marchandises',
        item: 'Article',
        code: 'Code',
        description: 'Désignation',
        origin: 'Origine',
        price: 'Prix',
        net: 'Net, kg',
        gross: 'Brut, kg',
        packages: 'Colis',
        duties: 'Droits et taxes',
        duty: 'Droit',
        base: 'Assiette',
        amount: 'Montant',
        total: 'Total dû',
        suspended: 'suspendu',
        value: 'Comment la valeur a été calculée',
        parties: 'Parties',
        party: {
            declarant: 'Déclarant',
            agent: 'Représentant',
            importer: 'Importateur',
            exporter: 'Exportateur',
            seller: 'Vendeur',
            buyer: 'Acheteur',
            consignee: 'Destinataire',
            consignor: 'Expéditeur',
            carrier: 'Transporteur',
        },
        route: 'Itinéraire',
        from: 'Pays d’expédition',
        to: 'Pays de destination',
        loading: 'Lieu de chargement',
        unloading: 'Lieu de déchargement',
        means: 'Moyen de transport',
        goodsLocation: 'Où sont les marchandises',
        containers: 'Conteneurs',
        seals: 'scellés',
        terms: 'Conditions de livraison',
        documents: 'Documents',
        documentType: 'Type',
        documentNumber: 'Numéro',
        ofItem: 'De l’article',
        noDocuments: 'La déclaration ne nomme aucun document.',
        history: 'Ce qui s’est passé',
        by: (who) => `par ${who}`,
        leaf: (leaf) => `entrée ${leaf} du registre`,
        rulesKept: (rules) => `Toutes les règles de ${rules} sont respectées.`,
        broken: (count) =>
            plural(count, {
                one: '# règle n’est pas respectée',
                many: '# règles ne sont pas respectées',
                other: '# règles ne sont pas respectées',
            }),
        proof: 'Preuve',
        proofText:
            'Chaque fait ci-dessus est scellé dans le registre public. La preuve le ' +
            'montre à chacun, ' +
            'sans demander à ce bureau.',
        proofSave: 'Télécharger la preuve',
        proofVerify: 'Vérifier une preuve',
    },
    users: {
        inviteSomebody: 'Inviter quelqu’un',
        invite: 'Créer l’invitation',
        invited: (name) => `${name} est invité·e`,
        link: 'Lien',
        linkOnce:
            'Il n’est montré que cette fois. Ne le donnez à personne d’autre\u00a0: il sert une ' +
            'fois, pendant trois jours, et qui l’ouvre entre.',
        displayName: 'Nom',
        nameless: 'Saisissez le nom que voient les autres',
        name: 'Identifiant',
        nameHint: 'Des minuscules, des chiffres, et . _ - entre eux.',
        nameWrong: 'Saisissez un identifiant de minuscules et de chiffres',
        role: 'Rôle',
        organisation: 'Organisation',
        state: { invited: 'invité', active: 'actif', stopped: 'arrêté' },
        change: 'Modifier',
        changeHint: 'Ses sessions ouvertes seront fermées.',
        newLink: 'Nouveau lien',
        stop: 'Arrêter',
        start: 'Laisser revenir',
    },
    account: {
        passkeys: 'Clés d’accès',
        passkeysText:
            'Elles ne peuvent être données à un imposteur, et les décisions en demandent une. ' +
            'Ajoutez-en une deuxième, sur un autre appareil, avant de perdre la première.',
        passkeyCannot: 'Ce navigateur n’a pas de clés d’accès.',
        passkeyNotMade: 'Aucune clé d’accès n’a été créée. Réessayez',
        label: 'Nom de la clé d’accès',
        thisDevice: 'cet appareil',
        added: 'Ajoutée (UTC)',
        addPasskey: 'Ajouter une clé d’accès',
        remove: 'Retirer',
        tokens: 'Jetons',
        tokensText:
            'Un programme en envoie un avec chaque demande, et peut alors faire ce que vous avez ' +
            'choisi.',
        tokenFor: 'À quoi il sert',
        tokenForMissing: 'Dites à quoi il sert',
        days: 'Valable, en jours',
        daysWrong: (max) => `Saisissez de 1 à ${max} jours`,
        scope: 'Ce qu’il permet',
        scopeMissing: 'Choisissez ce qu’il permet',
        scopes: { read: 'lire', lodge: 'déclarer', decide: 'décider', all: 'tout ce que je peux' },
        ends: 'Expire (UTC)',
        makeToken: 'Créer un jeton',
        tokenMade: 'Le jeton est créé',
        token: 'Jeton',
        secret: 'Secret',
        secretOnce:
            'Il n’est montré que cette fois. Gardez-le là où votre programme le trouve, et ' +
            'personne d’autre.',
        end: 'Mettre fin',
        webhooks: 'Webhooks',
        webhooksText:
            'Nous annonçons à ces adresses ce qui arrive à vos envois, signé avec le secret, et ' +
            'réessayons quand elles ne répondent pas.',
        webhookUrl: 'Adresse',
        webhookUrlHint: 'Elle commence par https:// et vous appartient.',
        webhookUrlWrong: 'Saisissez une adresse qui commence par https://',
        addWebhook: 'Ajouter un webhook',
        webhookMade: 'Le webhook est créé',
        webhookState: { working: 'fonctionne', failing: 'échoue', stopped: 'arrêté' },
        lastSent: 'Dernier envoi (UTC)',
        answered: (status) => `réponse ${status}`,
        waiting: 'En attente',
        replay: 'Renvoyer',
        replayAfterId: 'Après l’événement',
        replayAfter: (url) => `Après quel événement, pour ${url}`,
    },
    mine: {
        owed: 'Ce que vous devez',
        settled: (reference) => `C’est payé\u00a0: ${reference}`,
        unsettled: 'Ce n’est pas encore payé.',
        amend: 'Modifier la déclaration',
        amendWhich: (file) => `Modifier ${file}`,
        amendLead:
            'Changez ce qui n’allait pas et déposez le tout de nouveau. La version précédente ' +
            'reste au dossier\u00a0; ce que vous écrivez est gardé dans ce navigateur jusqu’au ' +
            'dépôt.',
        amendReason: 'Pourquoi vous la modifiez',
        lodgeAmended: 'Déposer la modification',
        withdraw: 'Retirer la déclaration',
        withdrawReason: 'Pourquoi vous la retirez',
        withdrawHint: 'C’est scellé et ne peut être repris.',
        nothing: 'Vous n’avez rien à faire pour l’instant.',
        asked: 'On vous demande',
        answer: 'Votre réponse',
        answerMissing: 'Écrivez une réponse, ou ajoutez un document',
        documents: 'Documents',
        documentsHint:
            'PDF, JPEG, PNG ou texte simple, de 16 Mo au plus chacun. Nous vérifions le genre et ' +
            'la taille, et rien du contenu\u00a0: pas s’il est nuisible.',
        typeWrong: 'Ce n’est ni PDF, ni JPEG, ni PNG, ni texte simple',
        sizeWrong: 'Il dépasse 16 Mo',
        sent: 'Arrivé',
        send: 'Envoyer la réponse',
    },
    notices: {
        traderLead: 'Ce que les agents ont demandé, décidé et consigné sur vos envois.',
        officerLead:
            'Ce que d’autres ont fait aux dossiers qui sont entre vos mains ou sur lesquels vous ' +
            'avez posé une question.',
        empty: 'Il n’y a rien pour vous.',
        new: 'nouveau',
        atLeast: (count) => `${count}+`,
    },
    figures: {
        from: 'Du',
        to: 'Au',
        period: 'Période',
        days: (count) => plural(count, { one: '# jour', many: '# jours', other: '# jours' }),
        day: 'Jour',
        coming: 'Déclarations',
        channels: 'Circuits, d’après la première décision',
        clearance: 'Du dépôt à la mainlevée',
        upTo: (time) => `≤ ${time}`,
        longer: (time) => `> ${time}`,
        hitRate: 'Contrôles fructueux',
        revenue: 'Recettes',
        byOffice: 'Par bureau',
        noOffice: 'aucun nommé',
        lodged: 'déposées',
        refused: 'refusées',
        released: 'libérées',
        releasedAtOnce: 'libérées aussitôt',
        documents: 'documents demandés',
        examined: 'examinées',
        held: 'retenues',
        inspected: 'contrôlées',
        found: 'avec constat',
        owed: 'dû',
        recovered: 'recouvré par contrôle',
        nothingYet: 'encore rien',
        asTable: 'En tableau',
        summary: (title, said) => `Graphique. ${title}\u00a0: ${said}.`,
    },
};
