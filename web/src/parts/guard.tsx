// guard: what others sent may have any shape; where showing it fails, something else is shown.

import { Component, type ComponentChildren } from 'preact';

interface Props {
    instead: ComponentChildren;
    children: ComponentChildren;
}

export class Guard extends Component<Props, { hasFailed: boolean }> {
    static override getDerivedStateFromError() {
        return { hasFailed: true };
    }

    override state = { hasFailed: false };

    override render() {
        return this.state.hasFailed ? this.props.instead : this.props.children;
    }
}
